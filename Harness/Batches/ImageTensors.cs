using System.Runtime.InteropServices;
using Ablation.Harness.Kernels;
using Ablation.Losses.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Batches;

/// <summary>Copies a decoded batch to a tensor.</summary>
internal static class ImageTensors
{
    /// <summary>Returns the batch's pictures on the device, N x 3 x p x p, float32. The batch may be reused afterwards.</summary>
    /// <param name="channelsLast">Whether the channels of a pixel lie side by side in memory.</param>
    public static Tensor ToDevice(Batch batch, Device device, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var host = channelsLast ? PlanesToPixels.Interleave(batch.Pixels, batch.Count, batch.Resolution) : Planes(batch);
        return (CpuPath.IsTaken(device) ? host : Copy(host, device)).MoveToOuterDisposeScope();
    }

    /// <summary>Copies to the device. Only pinning needs CUDA: everything else runs on any device.</summary>
    private static Tensor Copy(Tensor host, Device device)
    {
        // from pinned memory the copy runs while the host prepares the next step; libtorch keeps the memory until it is done
        var pinned = device.type == DeviceType.CUDA;
        return (pinned ? host.pin_memory() : host).to(device, copy: true, non_blocking: pinned);
    }

    private static Tensor Planes(Batch batch)
    {
        var host = empty([batch.Count, 3, batch.Resolution, batch.Resolution], ScalarType.Float32);
        MemoryMarshal.AsBytes(batch.Pixels.AsSpan(0, batch.Count * 3 * batch.Resolution * batch.Resolution)).CopyTo(host.bytes);
        return host;
    }
}
