using System.Runtime.InteropServices;
using Ablation.Losses.Kernels;

namespace Ablation.Harness.Native;

/// <summary>Asks the loaded libtorch for its version; TorchSharp's own constant is the version that it was written for.</summary>
internal static unsafe class LibtorchBuild
{
    private const string Cure = "its version is left out of the report";
    private const long LongestConfiguration = 1 << 16;

    /// <summary>Returns major, minor and patch in the three highest bytes; null if this libtorch does not report them.</summary>
    public static ulong? AbiVersion() =>
        Find("aoti_torch_abi_version") is { } address ? ((delegate* unmanaged[Cdecl]<ulong>)address)() : null;

    /// <summary>
    /// Returns the text of at::show_config: MKL, oneDNN, CUDA and the vectors in use. It is a std::string of libstdc++, whose first two
    /// words are address and length; it is read only on Linux, where that was tried. It is not freed: some kilobytes once per process.
    /// </summary>
    public static string? Configuration()
    {
        if (!OperatingSystem.IsLinux() || Find("_ZN2at11show_configB5cxx11Ev") is not { } address) return null;
        var text = ((delegate* unmanaged[Cdecl]<StandardString>)address)();
        return text.Address != 0 && text.Length is > 0 and < LongestConfiguration
            ? Marshal.PtrToStringUTF8(text.Address, (int)text.Length) : null;
    }

    private static nint? Find(string name)
    {
        try
        {
            return TorchExport.Find(name, name, Cure);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or DllNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>As large as libstdc++'s, so that it is returned through memory; the rest is its buffer for short texts.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct StandardString
    {
        public readonly nint Address;
        public readonly long Length;
        private readonly long shortText0, shortText1;
    }
}
