using System.Runtime.InteropServices;

namespace Ablation.Losses.Kernels;

/// <summary>Finds functions that libtorch exports and TorchSharp does not offer, by their mangled names.</summary>
public static class TorchExport
{
    private static readonly Lazy<nint> Library = new(() => NativeLibrary.Load(
        OperatingSystem.IsWindows() ? "torch_cpu" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so",
        typeof(TorchExport).Assembly, DllImportSearchPath.SafeDirectories));

    /// <summary>Returns the address of an export.</summary>
    /// <param name="itanium">Its name as GCC and Clang mangle it.</param>
    /// <param name="microsoft">Its name in Windows' libraries.</param>
    /// <param name="cure">What to do without it; ends the message.</param>
    /// <exception cref="PlatformNotSupportedException">This libtorch does not have it.</exception>
    public static nint Find(string itanium, string microsoft, string cure)
    {
        var name = OperatingSystem.IsWindows() ? microsoft : itanium;
        return NativeLibrary.TryGetExport(Library.Value, name, out var address)
            ? address
            : throw new PlatformNotSupportedException($"this libtorch does not export {name}; {cure}");
    }
}
