using System.Text.RegularExpressions;

namespace Ablation.Harness.Native;

/// <summary>Versions of the native code under TorchSharp, as the loaded libraries tell them; null where they do not.</summary>
/// <param name="Libtorch">Of the library itself, whatever its package is called.</param>
/// <param name="Vectors">The instructions that libtorch's own kernels were chosen for on this processor: AVX2, AVX512, DEFAULT.</param>
/// <param name="Skia">Of the library that decodes pictures.</param>
public sealed record NativeVersions(string? Libtorch, string? Mkl = null, string? OneDnn = null, string? Vectors = null,
    string? CudaRuntime = null, string? Cudnn = null, string? Skia = null)
{
    private static readonly Lazy<NativeVersions> Loaded = new(() =>
        Read(LibtorchBuild.AbiVersion(), LibtorchBuild.Configuration()) with { Skia = SkiaVersion() });

    /// <summary>Of this process. Loads libtorch.</summary>
    public static NativeVersions Current => Loaded.Value;

    /// <summary>What <see cref="LibtorchBuild"/> found, taken apart.</summary>
    public static NativeVersions Read(ulong? abi, string? configuration)
    {
        return new NativeVersions(
            abi is { } version ? $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}" : null,
            Told(@"Math Kernel Library Version ([\d.]+)"), Told(@"MKL-DNN v([\d.]+)"), Told(@"CPU capability usage: (\w+)"),
            Told(@"CUDA Runtime ([\d.]+)"), Told(@"CuDNN ([\d.]+)"));

        string? Told(string pattern) =>
            Regex.Match(configuration ?? "", pattern, RegexOptions.CultureInvariant) is { Success: true } match
            ? match.Groups[1].Value : null;
    }

    /// <summary>For a line of a report: "libtorch 2.10.0, oneDNN 3.7.1"; empty where nothing is known.</summary>
    public override string ToString()
    {
        (string Name, string? Version)[] parts = [("libtorch", Libtorch), ("MKL", Mkl), ("oneDNN", OneDnn), ("vectors", Vectors),
            ("CUDA runtime", CudaRuntime), ("cuDNN", Cudnn), ("Skia", Skia)];
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
            return null; // whoever decodes a picture is told
        }
    }
}
