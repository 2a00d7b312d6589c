using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>
/// Computes a 1 x 1 convolution of many output channels on a CPU as a product of matrices. With channels innermost, in float32 and with
/// AVX-512, oneDNN computes such a convolution wrongly: of 512 output channels the last 32 differ, by 14 % of the output's norm. Seen with
/// oneDNN 3.7.1 of libtorch 2.10 for 128, 256 and 512 input channels, some numbers of pixels and both strides; its gradients, bfloat16 and
/// libtorch's usual order are right.
/// </summary>
internal static class PointwiseProduct
{
    private const int ManyChannels = 256; // up to here, and in all other shapes that were compared, oneDNN is right

    /// <summary>Whether the convolution is one that oneDNN may compute wrongly.</summary>
    public static bool Takes(Conv2d convolution, Tensor x) =>
        x.device_type == DeviceType.CPU && convolution is { groups: 1, bias: null } && convolution.out_channels > ManyChannels
        && x.dtype == ScalarType.Float32 && convolution.weight!.dtype == ScalarType.Float32 && !Autocast.IsOn(CPU)
        && Is(convolution.kernel_size, 1) && Is(convolution.padding, 0) && x.dim() == 4 && Pixels.IsChannelsLast(x);

    /// <summary>Computes N x K x H x W from N x C x H x W, channels innermost, with its graph.</summary>
    public static Tensor Forward(Conv2d convolution, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (down, across) = (convolution.stride[0], convolution.stride[1]);
        var taken = down == 1 && across == 1 ? x
            : x.index(TensorIndex.Ellipsis, TensorIndex.Slice(step: down), TensorIndex.Slice(step: across));
        var (images, channels, height, width) = (taken.shape[0], taken.shape[1], taken.shape[2], taken.shape[3]);
        var weight = convolution.weight!.reshape(-1, channels);                                // K x C
        var product = taken.permute(0, 2, 3, 1).reshape(-1, channels).matmul(weight.t());      // N H W x K
        return product.view(images, height, width, -1).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private static bool Is(long[]? size, long value) => size is not null && size.All(one => one == value);
}
