using Ablation.Harness.Data;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>From a decoded batch to a tensor.</summary>
internal static class Images
{
    /// <summary>The batch's pictures on the device, N x 3 x p x p, float32. The batch may be reused afterwards.</summary>
    public static Tensor ToDevice(Batch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var host = empty([batch.Count, 3, batch.Resolution, batch.Resolution], ScalarType.Float32);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch.Pixels.AsSpan(0, batch.Count * 3 * batch.Resolution * batch.Resolution)).CopyTo(host.bytes);
        return host.to(device).MoveToOuterDisposeScope();
    }
}
