using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>What follows a batch normalisation at once: another input, and an activation with the slope of its negative side.</summary>
/// <param name="Plus">Added before the activation; null for none.</param>
/// <param name="Weight">PReLU's slopes, which learn; null for none.</param>
/// <param name="Slope">A fixed slope; null for no activation.</param>
internal sealed record NormFollower(Tensor? Plus, Parameter? Weight, double? Slope)
{
    public bool Acts => Weight is not null || Slope is not null;

    /// <summary>A slope a channel; null for no activation.</summary>
    public float[]? Slopes(int channels)
    {
        if (Weight is null) return Slope is { } slope ? [.. Enumerable.Repeat((float)slope, channels)] : null;
        var values = Weight.detach().data<float>().ToArray();
        return values.Length == channels ? values : [.. Enumerable.Repeat(values[0], channels)];
    }
}

/// <summary>Batch normalisation with what follows it, as a piece of a tape or in place for inference.</summary>
internal static unsafe class NormPiece
{
    /// <summary>What <paramref name="activation"/> means for the kernels; no activation where it is another layer, or null.</summary>
    public static NormFollower Follower(Tensor? plus, nn.Module<Tensor, Tensor>? activation) => activation switch
    {
        PReLU learnt => new(plus, learnt.weight, null),
        LeakyReLU leaky => new(plus, null, leaky.negative_slope),
        ReLU => new(plus, null, 0),
        _ => new(plus, null, null),
    };

    /// <summary>Whether the kernels take it; a learnt slope after a sum they do not.</summary>
    public static bool Fits(BatchNorm2d norm, Tensor x, NormFollower follower) =>
        Ablation.Losses.Kernels.Fused.MicroKernel.IsSupported && Pixels.Fits(x) && norm.weight is not null && norm.bias is not null && norm.running_mean is not null && norm.running_var is not null
        && (follower.Plus is null || (follower.Weight is null && follower.Slope is null or >= 0 && Pixels.Fits(follower.Plus) && follower.Plus.shape.SequenceEqual(x.shape)));

    /// <summary>Training: statistics of the batch, running statistics moved. x, the output of the piece before, is used up by the way back.</summary>
    /// <param name="ownsInput">Whether nothing else reads x, so that its memory may take its gradient.</param>
    public static Tensor Record(Tape tape, BatchNorm2d norm, Tensor x, NormFollower follower, bool ownsInput)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var from = Pixels.Of(x);
        var (mean, variance) = NormActivation.Statistics(from);
        Move(norm, mean, variance, from.Rows);
        var (scale, shift) = Line(norm, mean, variance);
        var slopes = follower.Slopes(from.Channels);
        var y = Pixels.Empty(from.Images, from.Channels, from.Height, from.Width);
        NormActivation.Forward(from, Pixels.Of(y), scale, shift, follower.Plus is { } plus ? Pixels.Of(plus).At : null, slopes);
        return tape.Record(y, dy => Backward(norm, x, y, ConvolutionPiece.Contiguous(dy), follower, ownsInput, mean, variance, scale, shift, slopes));
    }

    /// <summary>Inference: running statistics. Written over x where that is allowed.</summary>
    public static Tensor Infer(BatchNorm2d norm, Tensor x, NormFollower follower, bool ownsInput)
    {
        using var scope = NewDisposeScope();
        var from = Pixels.Of(x);
        var (scale, shift) = Line(norm, Doubles(norm.running_mean!), Doubles(norm.running_var!));
        var y = ownsInput ? x.alias() : Pixels.Empty(from.Images, from.Channels, from.Height, from.Width);
        NormActivation.Forward(from, Pixels.Of(y), scale, shift, follower.Plus is { } plus ? Pixels.Of(plus).At : null, follower.Slopes(from.Channels));
        return y.MoveToOuterDisposeScope();
    }

    private static void Backward(BatchNorm2d norm, Tensor x, Tensor y, Tensor dy, NormFollower follower, bool ownsInput,
        double[] mean, double[] variance, float[] scale, float[] shift, float[]? slopes)
    {
        var (from, slope) = (Pixels.Of(x), Pixels.Of(dy));
        var channels = from.Channels;
        var bySign = follower.Plus is not null && slopes is not null;
        var sums = NormActivation.Sums(from, bySign ? Pixels.Of(y).At : null, slope, scale, shift, mean, slopes);
        var gamma = Doubles(norm.weight!);
        float[] dGamma = new float[channels], dBeta = new float[channels], dSlope = new float[channels], line = new float[3 * channels];
        for (var c = 0; c < channels; c++)
        {
            var inverse = 1 / Math.Sqrt(variance[c] + norm.eps);
            var (dz, dzAway) = (sums[c], sums[channels + c]);
            (dBeta[c], dGamma[c], dSlope[c]) = ((float)dz, (float)(dzAway * inverse), (float)sums[2 * channels + c]);
            var slant = -gamma[c] * inverse * inverse * inverse * dzAway / from.Rows;
            line[c] = (float)(gamma[c] * inverse);
            line[channels + c] = (float)slant;
            line[2 * channels + c] = (float)(-gamma[c] * inverse * dz / from.Rows - slant * mean[c]);
        }

        Tape.Give(norm.weight!, tensor(dGamma));
        Tape.Give(norm.bias!, tensor(dBeta));
        if (follower.Weight is { } learnt) Tape.Give(learnt, learnt.numel() == channels ? tensor(dSlope) : tensor([dSlope.Sum()]));
        if (x.requires_grad)
        {
            var dx = ownsInput ? x.detach() : x.detach().clone();
            NormActivation.Gradient(Pixels.Of(dx), slope, scale, shift, bySign ? null : slopes, line);
            Tape.Give(x, dx);
        }

        if (follower.Plus is { } plus) Tape.Give(plus, dy); // which is dz by now
    }

    private static (float[] Scale, float[] Shift) Line(BatchNorm2d norm, double[] mean, double[] variance)
    {
        var (gamma, beta) = (Doubles(norm.weight!), Doubles(norm.bias!));
        float[] scale = new float[mean.Length], shift = new float[mean.Length];
        for (var c = 0; c < mean.Length; c++)
        {
            var slope = gamma[c] / Math.Sqrt(variance[c] + norm.eps);
            (scale[c], shift[c]) = ((float)slope, (float)(beta[c] - mean[c] * slope));
        }

        return (scale, shift);
    }

    private static void Move(BatchNorm2d norm, double[] mean, double[] variance, int rows)
    {
        norm.num_batches_tracked?.add_(1);
        var share = norm.momentum ?? 0.1;
        var unbiased = (double)rows / (rows - 1);
        Toward(norm.running_mean!, mean, 1);
        Toward(norm.running_var!, variance, unbiased);

        void Toward(Tensor running, double[] now, double factor) =>
            running.mul_(1 - share).add_(tensor(Array.ConvertAll(now, value => (float)(value * factor * share))));
    }

    private static double[] Doubles(Tensor values) => Array.ConvertAll(values.detach().data<float>().ToArray(), value => (double)value);
}
