using Ablation.Losses.Kernels;
using TorchSharp;

namespace Ablation.Harness.Kernels;

/// <summary>Precision of the backbone; cosines and loss are float32 in both.</summary>
public enum Precision
{
    Float32,
    BFloat16,
}

/// <summary>
/// Switches mixed precision on inside a using block: convolutions and matrix products in bfloat16, statistics in float32, weights
/// unchanged. Blocks may be nested. TorchSharp does not offer libtorch's autocast, so libtorch's exports are called.
/// </summary>
internal sealed unsafe class Autocast : IDisposable
{
    private const sbyte BFloat16 = 15; // c10::ScalarType
    private static readonly Lazy<Exports> Native = new(Exports.Find);
    private readonly sbyte device;     // c10::DeviceType: CPU 0, CUDA 1, MPS 13
    private readonly bool before;

    private Autocast(sbyte device)
    {
        this.device = device;
        before = Native.Value.IsEnabled(device);
        Native.Value.SetDtype(device, BFloat16);
        Native.Value.SetEnabled(device, 1);
        Native.Value.Enter();
    }

    /// <summary>Starts autocast on the device for <see cref="Precision.BFloat16"/>; returns null for float32.</summary>
    public static IDisposable? For(Precision precision, torch.Device device) => precision == Precision.Float32
        ? null
        : new Autocast(Code(device));

    private static sbyte Code(torch.Device device) => device.type switch { DeviceType.CUDA => 1, DeviceType.MPS => 13, _ => 0 };

    /// <summary>Whether products and convolutions on the device are computed in bfloat16 now.</summary>
    public static bool IsOn(torch.Device device) => Native.Value.IsEnabled(Code(device));

    /// <summary>Switches autocast off inside a using block within one.</summary>
    public static IDisposable Pause(torch.Device device) => new Paused(Code(device));

    public void Dispose()
    {
        // cast weights are kept to the end of the outermost block; then the optimiser changes the weights
        if (Native.Value.Leave() == 0) Native.Value.ClearCache();
        Native.Value.SetEnabled(device, before ? (byte)1 : (byte)0);
    }

    private sealed class Paused : IDisposable
    {
        private readonly sbyte device;
        private readonly bool before;

        public Paused(sbyte device)
        {
            this.device = device;
            before = Native.Value.IsEnabled(device);
            Native.Value.SetEnabled(device, 0);
        }

        public void Dispose() => Native.Value.SetEnabled(device, before ? (byte)1 : (byte)0);
    }

    private sealed record Exports(nint Enabled, nint Asked, nint Dtype, nint Increment, nint Decrement, nint Clear)
    {
        private const string Cure = "train with precision float32";

        public static Exports Find() => new(
            TorchExport.Find("_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb",
                "?set_autocast_enabled@autocast@at@@YAXW4DeviceType@c10@@_N@Z", Cure),
            TorchExport.Find("_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE",
                "?is_autocast_enabled@autocast@at@@YA_NW4DeviceType@c10@@@Z", Cure),
            TorchExport.Find("_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
                "?set_autocast_dtype@autocast@at@@YAXW4DeviceType@c10@@W4ScalarType@4@@Z", Cure),
            TorchExport.Find("_ZN2at8autocast17increment_nestingEv", "?increment_nesting@autocast@at@@YAHXZ", Cure),
            TorchExport.Find("_ZN2at8autocast17decrement_nestingEv", "?decrement_nesting@autocast@at@@YAHXZ", Cure),
            TorchExport.Find("_ZN2at8autocast11clear_cacheEv", "?clear_cache@autocast@at@@YAXXZ", Cure));

        public void SetEnabled(sbyte device, byte on) => ((delegate* unmanaged[Cdecl]<sbyte, byte, void>)Enabled)(device, on);

        public bool IsEnabled(sbyte device) => ((delegate* unmanaged[Cdecl]<sbyte, byte>)Asked)(device) != 0;

        public void SetDtype(sbyte device, sbyte type) => ((delegate* unmanaged[Cdecl]<sbyte, sbyte, void>)Dtype)(device, type);

        public void Enter() => ((delegate* unmanaged[Cdecl]<int>)Increment)();

        public int Leave() => ((delegate* unmanaged[Cdecl]<int>)Decrement)();

        public void ClearCache() => ((delegate* unmanaged[Cdecl]<void>)Clear)();
    }
}
