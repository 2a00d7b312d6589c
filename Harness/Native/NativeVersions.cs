using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Ablation.Harness.Native;

/// <summary>Versions of the native code under TorchSharp, as the loaded libraries report them; null if they do not.</summary>
/// <param name="Libtorch">Of the library itself, not of its package.</param>
/// <param name="Vectors">The instructions that libtorch's own kernels were chosen for on this processor: AVX2, AVX512, DEFAULT.</param>
/// <param name="Skia">Of the library that decodes pictures.</param>
/// <param name="LibtorchFolder">Where libtorch was loaded from instead of the package; null for the package's.</param>
public sealed record NativeVersions(string? Libtorch, string? Mkl = null, string? OneDnn = null, string? Vectors = null,
    string? CudaRuntime = null, string? Cudnn = null, string? Skia = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LibtorchFolder = null)
{
    private static readonly Lazy<NativeVersions> Loaded = new(() =>
        Read(LibtorchBuild.AbiVersion(), LibtorchBuild.Configuration()) with
        {
            Skia = SkiaVersion(),
            LibtorchFolder = Native.LibtorchFolder.Taken,
        });

    /// <summary>Of this process. Loads libtorch.</summary>
    public static NativeVersions Current => Loaded.Value;

    /// <summary>Parses what <see cref="LibtorchBuild"/> found.</summary>
    public static NativeVersions Read(ulong? abi, string? configuration)
    {
        return new NativeVersions(
            abi is { } version ? $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}" : null,
            Find(@"Math Kernel Library Version ([\d.]+)"), Find(@"MKL-DNN v([\d.]+)"), Find(@"CPU capability usage: (\w+)"),
            Find(@"CUDA Runtime ([\d.]+)"), Find(@"CuDNN ([\d.]+)"));

        string? Find(string pattern) =>
            Regex.Match(configuration ?? "", pattern, RegexOptions.CultureInvariant) is { Success: true } match
            ? match.Groups[1].Value : null;
    }

    /// <summary>Returns a line for a report: "libtorch 2.10.0, oneDNN 3.7.1"; empty if nothing is known.</summary>
    public override string ToString()
    {
        (string Name, string? Version)[] parts = [("libtorch", Libtorch), ("MKL", Mkl), ("oneDNN", OneDnn), ("vectors", Vectors),
            ("CUDA runtime", CudaRuntime), ("cuDNN", Cudnn), ("Skia", Skia), ("libtorch from", LibtorchFolder)];
        return string.Join(", ", parts.Where(part => part.Version is not null).Select(part => $"{part.Name} {part.Version}"));
    }

    private static string? SkiaVersion()
    {
        try
        {
            return SkiaSharp.SkiaSharpVersion.Native.ToString();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return null; // decoding a picture reports it
        }
    }
}
