using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ablation.Losses.Kernels;

/// <summary>Finds functions that libtorch exports and TorchSharp does not offer, by their mangled names.</summary>
public static class TorchExport
{
    /// <summary>Libraries of libtorch, without the system's prefix and suffix.</summary>
    public const string TorchCpu = "torch_cpu", C10 = "c10";

    private static readonly ConcurrentDictionary<string, nint> Loaded = new();

    /// <summary>Returns the file name of one of libtorch's libraries on this system.</summary>
    public static string FileName(string library) => OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>Makes a library that is loaded already the one that is searched, so that the package's is not loaded beside it.</summary>
    public static void Use(string library, nint handle) => Loaded[library] = handle;

    /// <summary>Returns the address of an export of torch_cpu.</summary>
    /// <param name="itanium">Its name as GCC and Clang mangle it.</param>
    /// <param name="microsoft">Its name in Windows' libraries.</param>
    /// <param name="cure">What to do without it; ends the message.</param>
    /// <exception cref="PlatformNotSupportedException">This libtorch does not have it.</exception>
    public static nint Find(string itanium, string microsoft, string cure) => TryFind(itanium, microsoft)
        ?? throw new PlatformNotSupportedException($"this libtorch does not export {NameOf(itanium, microsoft)}; {cure}");

    /// <summary>Returns the address of an export; null if this libtorch does not have it.</summary>
    /// <inheritdoc cref="Find" path="/param"/>
    /// <exception cref="DllNotFoundException">The library could not be loaded.</exception>
    public static nint? TryFind(string itanium, string microsoft, string library = TorchCpu)
    {
        var handle = Loaded.GetOrAdd(library, name => NativeLibrary.Load(FileName(name), typeof(TorchExport).Assembly,
            DllImportSearchPath.SafeDirectories));
        return NativeLibrary.TryGetExport(handle, NameOf(itanium, microsoft), out var address) ? address : null;
    }

    private static string NameOf(string itanium, string microsoft) => OperatingSystem.IsWindows() ? microsoft : itanium;
}
