using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>Runs a convolution by <see cref="Winograd"/>, on a tape or in inference.</summary>
internal static unsafe class ConvolutionPiece
{
    private const int FewestTiles = 24; // below, transforming the weights costs more than it saves

    public static Tensor Record(Tape tape, Conv2d convolution, Tensor x) =>
        tape.Record(Forward(convolution, x), dy => Backward(convolution, x, dy));

    /// <summary>Whether the kernel supports the convolution.</summary>
    public static bool Fits(Conv2d convolution, Tensor x)
    {
        var weight = convolution.weight!;
        return Pixels.Fits(x, ScalarType.Float32) && convolution.bias is null && convolution.groups == 1 && Is(convolution.kernel_size, 3)
            && Is(convolution.stride, 1)
            && Is(convolution.padding, 1) && Is(convolution.dilation, 1) && convolution.padding_mode == TorchSharp.PaddingModes.Zeros
            && weight.dtype == ScalarType.Float32 && Pixels.IsChannelsLast(weight)
            && Winograd.Takes((int)weight.shape[1], (int)weight.shape[0]) && new TileGrid(Pixels.View(x)).Count >= FewestTiles;
    }

    /// <summary>Computes N x K x H x W from N x C x H x W, without a graph.</summary>
    public static Tensor Forward(Conv2d convolution, Tensor x)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var from = Pixels.View(x);
        var y = Pixels.Empty(from.Images, (int)convolution.weight!.shape[0], from.Height, from.Width);
        Winograd.Forward(from, Weights(convolution.weight), Pixels.View(y));
        GC.KeepAlive(x);
        GC.KeepAlive(convolution);
        return y.MoveToOuterDisposeScope();
    }

    private static void Backward(Conv2d convolution, Tensor x, Tensor gradient)
    {
        var dy = Contiguous(gradient);
        var weight = convolution.weight!;
        var (from, slope) = (Pixels.View(x), Pixels.View(dy));
        if (weight.requires_grad)
        {
            var before = weight.grad is { } held && Pixels.IsChannelsLast(held) ? held : null;
            var sum = before ?? Pixels.Empty((int)weight.shape[0], (int)weight.shape[1], 3, 3);
            Winograd.WeightGradient(from, slope, Weights(sum), add: before is not null);
            if (before is null) Tape.AddGradient(weight, sum);
            GC.KeepAlive(sum);
        }

        if (!x.requires_grad)
        {
            GC.KeepAlive(dy);
            return;
        }

        var known = x.grad is { } earlier && Pixels.IsChannelsLast(earlier) ? earlier : null;
        var dx = known ?? Pixels.Empty(from.Images, from.Channels, from.Height, from.Width);
        Winograd.InputGradient(slope, Weights(weight), Pixels.View(dx), add: known is not null);
        if (known is null) Tape.AddGradient(x, dx);
        GC.KeepAlive(dx);
        GC.KeepAlive(dy);
        GC.KeepAlive(weight);
    }

    /// <summary>Returns a gradient in the kernels' layout.</summary>
    public static Tensor Contiguous(Tensor gradient) =>
        Pixels.IsChannelsLast(gradient) ? gradient : gradient.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static float* Weights(Tensor weight) => Pixels.View(weight).At;

    private static bool Is(long[]? size, long value) => size is not null && size.All(one => one == value);
}
