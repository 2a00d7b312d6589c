using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// Reads the energy of a whole NVIDIA GPU, with everything that runs on it, since its driver was loaded, by the driver's library (NVML).
/// </summary>
internal static unsafe class GpuEnergy
{
    private static readonly Lazy<nint> Library = new(() =>
    {
        var name = OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1";
        return NativeLibrary.TryLoad(name, typeof(GpuEnergy).Assembly, null, out var library)
            && Export(library, "nvmlInit_v2") is { } initialise
               && ((delegate* unmanaged[Cdecl]<int>)initialise)() == 0 // never shut down: the process ends with the trial
            ? library
            : 0;
    });

    /// <summary>Returns joules; null if the library is missing or the card does not count.</summary>
    public static double? Open(GraphicsCard card)
    {
        if (Library.Value == 0 || Export(Library.Value, "nvmlDeviceGetHandleByUUID") is not { } find
            || Export(Library.Value, "nvmlDeviceGetTotalEnergyConsumption") is not { } total) return null;
        var uuid = Marshal.StringToCoTaskMemUTF8(card.Uuid);
        try
        {
            nint device;
            ulong millijoules;
            return ((delegate* unmanaged[Cdecl]<nint, nint*, int>)find)(uuid, &device) == 0
                && ((delegate* unmanaged[Cdecl]<nint, ulong*, int>)total)(device, &millijoules) == 0
                ? millijoules / 1000.0
                : null;
        }
        finally
        {
            Marshal.FreeCoTaskMem(uuid);
        }
    }

    private static nint? Export(nint library, string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : null;
}
