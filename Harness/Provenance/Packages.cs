using System.Reflection;
using Ablation.Losses;

namespace Ablation.Harness.Provenance;

/// <summary>The packages that a trial computes with.</summary>
public static class Packages
{
    private static readonly Lazy<IReadOnlyList<string>> Found = new(() =>
    [
        .. new[] { typeof(Packages).Assembly, typeof(FaceLoss).Assembly }.SelectMany(own => own.GetReferencedAssemblies())
            .Where(name => name.Name is { } known && known is not ("Losses" or "netstandard" or "mscorlib")
                && !known.StartsWith("System", StringComparison.Ordinal) && !known.StartsWith("Microsoft.", StringComparison.Ordinal))
            .DistinctBy(name => name.Name).Select(name => $"{name.Name} {VersionOf(name)}").Order(StringComparer.Ordinal),
    ]);

    /// <summary>Every package that the harness and the losses reference, by name: "SkiaSharp 3.119.4".</summary>
    public static IReadOnlyList<string> All => Found.Value;

    /// <summary>Returns the version of the package; the version of the assembly often stays the same.</summary>
    private static string VersionOf(AssemblyName name)
    {
        var informational = Assembly.Load(name)
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return informational is { Length: > 0 } ? informational : name.Version!.ToString();
    }
}
