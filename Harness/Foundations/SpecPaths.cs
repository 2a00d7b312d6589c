using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Ablation.Harness.Foundations;

/// <summary>Writes the paths of a specification in one form; see <see cref="OnDiskAttribute"/>.</summary>
internal static class SpecPaths
{
    public static void Normalise(JsonTypeInfo info)
    {
        foreach (var property in info.Properties.Where(property => property.AttributeProvider is PropertyInfo member
            && member.IsDefined(typeof(OnDiskAttribute), inherit: false)))
        {
            if (property.Get is { } get) property.Get = target => InOneForm(get(target));
        }
    }

    /// <summary>Returns the path with / between its parts, without empty parts, "." and a final slash. ".." is kept, since a link may come
    /// before it, and so is the start of a Windows share.</summary>
    public static string InOneForm(string path)
    {
        var slashes = path.Replace('\\', '/');
        var root = slashes.StartsWith("//", StringComparison.Ordinal) ? "//" : slashes.StartsWith('/') ? "/" : "";
        var rest = string.Join('/', slashes.Split('/').Where(part => part is not ("" or ".")));
        return path.Length == 0 ? path : root.Length + rest.Length == 0 ? "." : root + rest;
    }

    private static object? InOneForm(object? value) => value switch
    {
        string path => InOneForm(path),
        IReadOnlyList<string> paths => paths.Select(InOneForm).ToList(),
        _ => value,
    };
}
