using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// Stores images and convolution weights with the channels of a pixel side by side. libtorch's kernels keep that order, and convolutions
/// gain a tenth to a third. TorchSharp has no call for it; a permuted view does the same.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>Returns the same N x C x H x W values, channels innermost in memory.</summary>
    public static Tensor Convert(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <exception cref="ArgumentException">A layer is not safe in this order; see <see cref="StridedPointwise"/> and
    /// <see cref="ChannelMultiplier"/>.</exception>
    public static void Apply(nn.Module network)
    {
        StridedPointwise.Check(network);
        ChannelMultiplier.Check(network);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var parameter in network.parameters().Where(parameter => parameter.dim() == 4)) parameter.set_(Convert(parameter));
    }
}
