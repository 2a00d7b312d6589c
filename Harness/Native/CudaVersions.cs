using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>Versions of CUDA by its documented C functions: cuDriverGetVersion and cudaRuntimeGetVersion.</summary>
/// <param name="Driver">The newest CUDA that the installed driver supports; null if there is no driver.</param>
/// <param name="Runtime">Of the runtime beside libtorch; null if it was not found.</param>
internal sealed unsafe record CudaVersions(string? Driver, string? Runtime)
{
    public static CudaVersions Read() => new(
        Ask(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", "cuDriverGetVersion"),
        Ask(OperatingSystem.IsWindows() ? "cudart64_12.dll" : "libcudart.so.12", "cudaRuntimeGetVersion"));

    /// <summary>Writes 12080 as 12.8.</summary>
    internal static string Text(int version) => $"{version / 1000}.{version % 1000 / 10}";

    private static string? Ask(string library, string function)
    {
        int version;
        return NativeLibrary.TryLoad(library, typeof(CudaVersions).Assembly, null, out var handle)
            && NativeLibrary.TryGetExport(handle, function, out var address)
            && ((delegate* unmanaged[Cdecl]<int*, int>)address)(&version) == 0 && version > 0
            ? Text(version) : null;
    }
}
