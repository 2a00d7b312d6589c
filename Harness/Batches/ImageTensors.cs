using System.Runtime.InteropServices;
using Ablation.Harness.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Batches;

/// <summary>From a decoded batch to a tensor.</summary>
internal static class ImageTensors
{
    /// <summary>The batch's pictures on the device, N x 3 x p x p, float32. The batch may be reused afterwards.</summary>
    /// <param name="channelsLast">Whether the channels of a pixel stand side by side in memory.</param>
    public static Tensor ToDevice(Batch batch, Device device, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var host = channelsLast ? PlanesToPixels.Interleave(batch.Pixels, batch.Count, batch.Resolution) : Planes(batch);
        if (device.type == DeviceType.CPU) return host.MoveToOuterDisposeScope();
        // out of pinned memory the copy goes on while the host makes the next step ready; libtorch keeps the memory until it is done
        if (device.type == DeviceType.CUDA) host = host.pin_memory();
        return host.to(device, non_blocking: device.type == DeviceType.CUDA).MoveToOuterDisposeScope();
    }

    private static Tensor Planes(Batch batch)
    {
        var host = empty([batch.Count, 3, batch.Resolution, batch.Resolution], ScalarType.Float32);
        MemoryMarshal.AsBytes(batch.Pixels.AsSpan(0, batch.Count * 3 * batch.Resolution * batch.Resolution)).CopyTo(host.bytes);
        return host;
    }
}
