using System.Runtime.InteropServices;
using Ablation.Losses.Kernels;

namespace Ablation.Harness.Native;

/// <summary>Asks the loaded libtorch for its version; TorchSharp's own constant is the version that it was written for.</summary>
internal static unsafe class LibtorchBuild
{
    private const string Cure = "its version is left out of the report";
    private const long LongestConfiguration = 1 << 16;
    private const long ShortText = 15; // up to here the text lies in the object itself
    private const string LinuxName = "_ZN2at11show_configB5cxx11Ev";
    private const string WindowsName =
        "?show_config@at@@YA?AV?$basic_string@DU?$char_traits@D@std@@V?$allocator@D@2@@std@@XZ";

    /// <summary>Returns major, minor and patch in the three highest bytes; null if this libtorch does not report them.</summary>
    public static ulong? AbiVersion() =>
        Find("aoti_torch_abi_version", "aoti_torch_abi_version") is { } address ? ((delegate* unmanaged[Cdecl]<ulong>)address)() : null;

    /// <summary>The same of a library that is loaded from elsewhere.</summary>
    public static ulong? AbiVersion(nint torchCpu) => NativeLibrary.TryGetExport(torchCpu, "aoti_torch_abi_version", out var address)
        ? ((delegate* unmanaged[Cdecl]<ulong>)address)() : null;

    /// <summary>
    /// Returns the text of at::show_config: MKL, oneDNN, CUDA and the vectors in use. It is a std::string of libstdc++ or of Microsoft's
    /// library, read only on Linux and Windows, where that was tried. It is not freed: some kilobytes once per process.
    /// </summary>
    public static string? Configuration()
    {
        if (OperatingSystem.IsMacOS() || Find(LinuxName, WindowsName) is not { } address) return null;
        var text = ((delegate* unmanaged[Cdecl]<StandardString>)address)();
        var (at, length) = OperatingSystem.IsWindows() ? (text.Word0, text.Word2) : (text.Word0, (long)text.Word1);
        return at != 0 && length is > ShortText and < LongestConfiguration ? Marshal.PtrToStringUTF8(at, (int)length) : null;
    }

    private static nint? Find(string linux, string windows)
    {
        try
        {
            return TorchExport.Find(linux, windows, Cure);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or DllNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Four words, so that it is returned through memory. libstdc++: address, length, two of a short text. Microsoft: two of a short text,
    /// the first of them the address of a long one, then length and capacity.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct StandardString
    {
        public readonly nint Word0, Word1;
        public readonly long Word2;
        private readonly long word3;
    }
}
