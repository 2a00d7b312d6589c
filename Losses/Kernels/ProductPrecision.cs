using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>
/// Sets another precision inside libtorch's products of float32 matrices until it is disposed of: TF32 on CUDA by TorchSharp's own switch,
/// bfloat16 on a CPU by an export of libtorch that TorchSharp does not offer.
/// </summary>
internal sealed unsafe class ProductPrecision : IDisposable
{
    // at::Float32Backend, Float32Op, Float32Precision (ATen/Context.h, 2.10)
    private const int Mkldnn = 2, Matmul = 3, Ieee = 1, BFloat16 = 3;
    private static readonly Lazy<(nint Context, nint Set)> Native = new(() => (
        ((delegate* unmanaged[Cdecl]<nint>)TorchExport.Find("_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ", Cure))(),
        TorchExport.Find("_ZN2at7Context19setFloat32PrecisionENS_14Float32BackendENS_9Float32OpENS_16Float32PrecisionE",
            "?setFloat32Precision@Context@at@@QEAAXW4Float32Backend@2@W4Float32Op@2@W4Float32Precision@2@@Z", Cure)));

    private const string Cure = "set matmulPrecision to highest";
    private readonly DeviceType device;
    private readonly bool before;

    private ProductPrecision(DeviceType device)
    {
        this.device = device;
        if (device == DeviceType.CUDA) (before, backends.cuda.matmul.allow_tf32) = (backends.cuda.matmul.allow_tf32, true);
        else Set(BFloat16);
    }

    /// <summary>Sets the precision; null where the option asks for none or the device has none.</summary>
    public static IDisposable? For(MatmulPrecision precision, DeviceType device) => (precision, device) switch
    {
        (MatmulPrecision.Highest, _) => null,
        (_, DeviceType.CUDA) => new ProductPrecision(device),
        (MatmulPrecision.Medium, DeviceType.CPU) => new ProductPrecision(device),
        _ => null,
    };

    public void Dispose()
    {
        if (device == DeviceType.CUDA) backends.cuda.matmul.allow_tf32 = before;
        else Set(Ieee);
    }

    private static void Set(int precision) =>
        ((delegate* unmanaged[Cdecl]<nint, int, int, int, void>)Native.Value.Set)(Native.Value.Context, Mkldnn, Matmul, precision);
}
