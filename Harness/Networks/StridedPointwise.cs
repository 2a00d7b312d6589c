using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// Builds a 1 x 1 convolution with stride, as in shortcuts. With fewer than 16 input channels, channels innermost, oneDNN's gradient of its
/// weight writes past its own workspace (uxlfoundation/oneDNN issue 6035; seen with libtorch 2.10): the process dies of a damaged heap, or
/// continues. In that case the pixels are selected first (<see cref="EveryPixel"/>) and convolved with stride 1: the same sums.
/// </summary>
internal static class StridedPointwise
{
    private const int SafeChannels = 16; // a vector of 512 bits; with AVX2 8 would do

    /// <summary>
    /// Returns the layers for a <c>Sequential</c>; the convolution is called "conv" either way, so that stored weights fit.
    /// </summary>
    public static (string Name, nn.Module<Tensor, Tensor> Layer)[] Layers(int channels, int wide, int stride) =>
        stride == 1 || channels >= SafeChannels
            ? [("conv", nn.Conv2d(channels, wide, 1, stride: stride, bias: false))]
            : [("pixels", new EveryPixel(stride)), ("conv", nn.Conv2d(channels, wide, 1, bias: false))];

    /// <summary>Refuses a network that would damage this process's memory.</summary>
    /// <exception cref="ArgumentException">It has such a convolution.</exception>
    public static void Check(nn.Module network)
    {
        foreach (var (name, module) in network.named_modules())
        {
            if (module is not Conv2d { groups: 1 } layer || layer.in_channels >= SafeChannels
                || layer.weight!.device_type != DeviceType.CPU) continue;
            if (layer.kernel_size.Any(size => size != 1) || layer.stride.All(step => step == 1)) continue;
            throw new ArgumentException(
                $"{network.GetName()}: {name}: a 1 x 1 convolution of {layer.in_channels} channels with stride damages memory in oneDNN " +
                $"(uxlfoundation/oneDNN issue 6035); give it {SafeChannels} input channels or more, or take every second pixel first " +
                $"and convolve with stride 1");
        }
    }
}

/// <summary>Selects every <paramref name="stride"/>th pixel of N x C x H x W maps, beginning with the first.</summary>
internal sealed class EveryPixel(int stride) : nn.Module<Tensor, Tensor>(nameof(EveryPixel))
{
    public int Stride => stride;

    public override Tensor forward(Tensor maps)
    {
        var steps = TensorIndex.Slice(step: stride);
        return maps.index(TensorIndex.Ellipsis, steps, steps);
    }
}
