using System.Runtime.InteropServices;
using Ablation.Harness.Kernels;
using Ablation.Losses.Kernels.Fused;
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
        var host = channelsLast ? Interleaved(batch) : Planes(batch);
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

    /// <summary>Planes to pixels in one walk.</summary>
    private static unsafe Tensor Interleaved(Batch batch)
    {
        var pixels = batch.Resolution * batch.Resolution;
        var host = empty([batch.Count, batch.Resolution, batch.Resolution, 3], ScalarType.Float32);
        var to = ClassWalk.Pointer(host);
        Blocks.Each(batch.Count, (_, item) =>
        {
            fixed (float* red = batch.PixelsOf(item))
            {
                float* green = red + pixels, blue = green + pixels, at = to + (nint)item * 3 * pixels;
                for (var i = 0; i < pixels; i++, at += 3) (at[0], at[1], at[2]) = (red[i], green[i], blue[i]);
            }
        });
        return host.permute(0, 3, 1, 2);
    }
}
