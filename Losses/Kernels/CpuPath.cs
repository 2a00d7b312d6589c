using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>
/// The one switch between the two ways of computing: the CPU's, with kernels of our own, checks of values and sums in float64; and that of
/// every other device, through libtorch alone. Switched off, a CPU computes as a GPU does, so that a machine without one can test that way.
/// </summary>
public static class CpuPath
{
    private static int off; // how many have switched it off

    /// <summary>Whether tensors of this device are computed in the CPU's way: a CPU's, unless it is switched off.</summary>
    public static bool IsTaken(DeviceType type) => type == DeviceType.CPU && Volatile.Read(ref off) == 0;

    /// <inheritdoc cref="IsTaken(DeviceType)"/>
    public static bool IsTaken(Device device) => IsTaken(device.type);

    /// <inheritdoc cref="IsTaken(DeviceType)"/>
    public static bool IsTaken(Tensor tensor) => IsTaken(tensor.device_type);

    /// <summary>
    /// Switches the CPU's way off in the whole process, on all threads, until the result is disposed of; may be nested. Switch between
    /// trainings, not within one.
    /// </summary>
    public static IDisposable SwitchOff() => new Off();

    private sealed class Off : IDisposable
    {
        private int disposed;

        public Off() => Interlocked.Increment(ref off);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0) Interlocked.Decrement(ref off);
        }
    }
}
