using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Ablation.Losses.Kernels;
using TorchSharp;

namespace Ablation.Harness.Native;

/// <summary>
/// Loads libtorch from a folder that the environment names instead of the package's: the lib folder of a PyTorch or of a libtorch of the
/// same version. The wrapper stays the package's. Child processes inherit the variable.
/// </summary>
public static class LibtorchFolder
{
    public const string Variable = "ABLATION_LIBTORCH";

    /// <summary>The version that TorchSharp's wrapper is built for.</summary>
    internal const string Needed = "2.10.0";

    /// <summary>The build's tool makes TorchSharp's loader return where this is set: Losses/Weaving/LibrariesGate.cs.</summary>
    private const string Gate = "Ablation.LibtorchIsLoaded";

    private const string Cure =
        $"name the lib folder of a PyTorch {Needed} or a libtorch {Needed} of this system, or unset the variable";

    // c10 first, since the others need it; those for CUDA only where they are
    private static readonly string[] Required = [TorchExport.C10, TorchExport.TorchCpu, "torch"];
    private static readonly string[] Optional = ["c10_cuda", "torch_cuda"];

    /// <summary>The folder that libtorch was loaded from; null for the package's.</summary>
    public static string? Taken { get; private set; }

    /// <summary>Loads what the variable names; does nothing if it is not set.</summary>
    /// <exception cref="InvalidDataException">The folder does not fit.</exception>
    internal static void Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder || Taken is not null) return;
        if (!KeptArguments.InForce(typeof(torch).Assembly))
            throw Refusal(folder, "the package's own TorchSharp.dll loads what is beside it; build without -p:KeepAlive=false");
        if (VisualCRuntime.Problem() is { } runtime) throw new InvalidDataException(runtime);
        Check(folder);
        var full = Path.GetFullPath(folder);
        var handles = Open(full);
        if (Wrong(Version(handles[TorchExport.TorchCpu])) is { } version) throw Refusal(folder, version);
        TorchExport.Use(TorchExport.C10, handles[TorchExport.C10]);
        TorchExport.Use(TorchExport.TorchCpu, handles[TorchExport.TorchCpu]);
        var wrapper = TorchNative.LoadWrapper();
        if (wrapper == 0) throw Refusal(folder, "TorchSharp's wrapper cannot be loaded onto these libraries");
        AppContext.SetData(Gate, true);
        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => name == TorchNative.WrapperLibrary ? wrapper : 0);
        Taken = full;
    }

    /// <summary>Checks what can be known before a library is loaded: the folder, its files, the version that is written beside.</summary>
    /// <exception cref="InvalidDataException">The folder does not fit.</exception>
    internal static void Check(string folder)
    {
        if (!Directory.Exists(folder)) throw Refusal(folder, "there is no such folder");
        foreach (var library in Required.Select(TorchExport.FileName))
        {
            if (File.Exists(Path.Combine(folder, library))) continue;
            var below = Path.Combine(folder, "lib");
            throw Refusal(folder, File.Exists(Path.Combine(below, library)) ? $"{library} is in {below}" : $"{library} is missing");
        }

        if (Wrong(Written(Path.GetFullPath(Path.Combine(folder, "..")))) is { } version) throw Refusal(folder, version);
    }

    /// <summary>Loads the libraries of a checked folder.</summary>
    /// <exception cref="InvalidDataException">One is not a library of this system, or needs one that is not there.</exception>
    internal static IReadOnlyDictionary<string, nint> Open(string folder)
    {
        var handles = new Dictionary<string, nint>();
        foreach (var library in Required[..2].Concat(Optional).Append(Required[2]))
        {
            var path = Path.Combine(folder, TorchExport.FileName(library));
            if (!Required.Contains(library) && !File.Exists(path)) continue;
            if (LibraryFile.Problem(path) is { } problem) throw Refusal(folder, $"{Path.GetFileName(path)} {problem}");
            try
            {
                handles[library] = NativeLibrary.Load(path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                var why = e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
                throw Refusal(folder, $"{Path.GetFileName(path)} cannot be loaded: {why}", e);
            }
        }

        return handles;
    }

    /// <summary>Returns the version in the files beside a lib folder: libtorch's build-version, PyTorch's version.py; null without
    /// them.</summary>
    internal static string? Written(string folder)
    {
        var (zip, python) = (Path.Combine(folder, "build-version"), Path.Combine(folder, "version.py"));
        if (File.Exists(zip)) return File.ReadAllText(zip).Trim();
        if (!File.Exists(python)) return null;
        var match = Regex.Match(File.ReadAllText(python), @"__version__\s*=\s*['""]([^'""]+)", RegexOptions.CultureInvariant);
        return match.Success ? match.Groups[1].Value : null;
    }

    /// <summary>Returns what is wrong with a version: "2.10.0+cu128" is right, null is not known and right.</summary>
    internal static string? Wrong(string? version) =>
        version is null || version.Split('+')[0] == Needed ? null : $"it is version {version}, and {Needed} is needed";

    private static string? Version(nint torchCpu) => LibtorchBuild.AbiVersion(torchCpu) is { } abi
        ? $"{abi >> 56}.{(abi >> 48) & 0xff}.{(abi >> 40) & 0xff}" : "that does not report itself";

    private static InvalidDataException Refusal(string folder, string what, Exception? inner = null) =>
        new($"{Variable} {folder}: {what}; {Cure}", inner);
}
