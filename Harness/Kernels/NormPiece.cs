using Ablation.Losses.Kernels.Fused;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>What directly follows a batch normalisation: a second input, and an activation with the slope of its negative side.</summary>
/// <param name="Plus">Added before the activation; null for none.</param>
/// <param name="Weight">PReLU's learnt slopes; null for none.</param>
/// <param name="Slope">A fixed slope; null for no activation.</param>
internal sealed record NormFollower(Tensor? Plus, Parameter? Weight, double? Slope)
{
    public bool HasActivation => Weight is not null || Slope is not null;

    /// <summary>Returns one slope per channel; null for no activation.</summary>
    public float[]? Slopes(int channels)
    {
        if (Weight is null) return Slope is { } slope ? [.. Enumerable.Repeat((float)slope, channels)] : null;
        var values = Array.ConvertAll(NormPiece.Doubles(Weight), value => (float)value);
        return values.Length == channels ? values : [.. Enumerable.Repeat(values[0], channels)];
    }
}

/// <summary>Runs batch normalisation with what follows it, on a tape or in inference.</summary>
internal static class NormPiece
{
    /// <summary>Describes <paramref name="activation"/> to the kernels; no activation if it is null or another layer.</summary>
    public static NormFollower Follower(Tensor? plus, nn.Module<Tensor, Tensor>? activation) => activation switch
    {
        PReLU learnt => new(plus, learnt.weight, null),
        LeakyReLU leaky => new(plus, null, leaky.negative_slope),
        ReLU => new(plus, null, 0),
        _ => new(plus, null, null),
    };

    /// <summary>
    /// Whether the kernels support it; not a learnt slope after a sum, nor statistics that are frozen in training or have only one row.
    /// </summary>
    public static bool Fits(BatchNorm2d norm, Tensor x, NormFollower follower) =>
        MicroKernel.IsSupported && norm.training == is_grad_enabled() && norm.momentum is not null && x.numel() > x.shape[1]
        && x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && Pixels.Fits(x, x.dtype)
        && norm.weight is { dtype: ScalarType.Float32 } && norm.bias is not null && norm.running_mean is not null
        && norm.running_var is not null
        && (follower.Plus is null
            || (follower.Weight is null && follower.Slope is null or >= 0 && Pixels.Fits(follower.Plus, x.dtype)
                && follower.Plus.shape.SequenceEqual(x.shape)));

    /// <summary>Runs it in training: with statistics of the batch, and updates the running ones.</summary>
    /// <param name="x">The output of the piece before.</param>
    /// <param name="ownsInput">Whether nothing else reads x, so that its memory may take its gradient.</param>
    public static Tensor Record(Tape tape, BatchNorm2d norm, Tensor x, NormFollower follower, bool ownsInput) =>
        x.dtype == ScalarType.BFloat16
        ? Record<BFloat16Values>(tape, norm, x, follower, ownsInput)
        : Record<Float32Values>(tape, norm, x, follower, ownsInput);

    /// <summary>Runs it in inference: with running statistics, over x if nothing else reads it.</summary>
    public static Tensor Infer(BatchNorm2d norm, Tensor x, NormFollower follower, bool ownsInput) => x.dtype == ScalarType.BFloat16
        ? Infer<BFloat16Values>(norm, x, follower, ownsInput)
        : Infer<Float32Values>(norm, x, follower, ownsInput);

    private static unsafe Tensor Record<T>(Tape tape, BatchNorm2d norm, Tensor x, NormFollower follower, bool ownsInput)
        where T : struct, IMapValues
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var from = Pixels.View(x);
        var (mean, variance) = NormActivation<T>.Statistics(from);
        UpdateRunning(norm, mean, variance, from.Rows);
        var (scale, shift) = ScaleAndShift(norm, mean, variance);
        var slopes = follower.Slopes(from.Channels);
        var y = Pixels.Empty(from.Images, from.Channels, from.Height, from.Width, x.dtype);
        NormActivation<T>.Forward(from, Pixels.View(y), scale, shift, follower.Plus is { } plus ? Pixels.View(plus).Map : null, slopes);
        GC.KeepAlive(x);
        GC.KeepAlive(follower);
        return tape.Record(y,
            dy => Backward<T>(norm, x, y, ConvolutionPiece.Contiguous(dy), follower, ownsInput, mean, variance, scale, shift, slopes));
    }

    private static unsafe Tensor Infer<T>(BatchNorm2d norm, Tensor x, NormFollower follower, bool ownsInput) where T : struct, IMapValues
    {
        using var scope = NewDisposeScope();
        var from = Pixels.View(x);
        var (scale, shift) = ScaleAndShift(norm, Doubles(norm.running_mean!), Doubles(norm.running_var!));
        var y = ownsInput ? x.alias() : Pixels.Empty(from.Images, from.Channels, from.Height, from.Width, x.dtype);
        NormActivation<T>.Forward(from, Pixels.View(y), scale, shift, follower.Plus is { } plus
            ? Pixels.View(plus).Map : null, follower.Slopes(from.Channels));
        GC.KeepAlive(x);
        GC.KeepAlive(follower);
        return y.MoveToOuterDisposeScope();
    }

    private static unsafe void Backward<T>(BatchNorm2d norm, Tensor x, Tensor y, Tensor dy, NormFollower follower, bool ownsInput,
        double[] mean, double[] variance, float[] scale, float[] shift, float[]? slopes) where T : struct, IMapValues
    {
        var from = Pixels.View(x);
        var slope = Pixels.View(dy);
        var channels = from.Channels;
        var bySign = follower.Plus is not null && slopes is not null;
        var sums = NormActivation<T>.Sums(from, bySign ? Pixels.View(y).Map : null, slope, scale, shift, mean, slopes);
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

        Tape.AddGradient(norm.weight!, tensor(dGamma));
        Tape.AddGradient(norm.bias!, tensor(dBeta));
        if (follower.Weight is { } learnt) Tape.AddGradient(learnt, learnt.numel() == channels ? tensor(dSlope) : tensor([dSlope.Sum()]));
        if (x.requires_grad)
        {
            var known = x.grad is { } earlier && Pixels.Fits(earlier, x.dtype) ? earlier : null;
            var dx = known ?? (ownsInput ? x.detach() : Pixels.Empty(from.Images, channels, from.Height, from.Width, x.dtype));
            NormActivation<T>.Gradient(from, slope, Pixels.View(dx), scale, shift, bySign ? null : slopes, line, add: known is not null);
            if (known is null) Tape.AddGradient(x, dx);
            GC.KeepAlive(dx);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(dy);

        if (follower.Plus is { } plus) Tape.AddGradient(plus, dy); // dz by now
    }

    private static (float[] Scale, float[] Shift) ScaleAndShift(BatchNorm2d norm, double[] mean, double[] variance)
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

    private static unsafe void UpdateRunning(BatchNorm2d norm, double[] mean, double[] variance, int rows)
    {
        norm.num_batches_tracked?.add_(1);
        var share = norm.momentum!.Value;
        var (means, variances) = (norm.running_mean!, norm.running_var!);
        float* runningMean = ClassWalk.Pointer(means), runningVariance = ClassWalk.Pointer(variances);
        var unbiased = (double)rows / (rows - 1);
        for (var c = 0; c < mean.Length; c++)
        {
            runningMean[c] += (float)(share * (mean[c] - runningMean[c]));
            runningVariance[c] += (float)(share * (variance[c] * unbiased - runningVariance[c]));
        }

        GC.KeepAlive(means);
        GC.KeepAlive(variances);
    }

    internal static unsafe double[] Doubles(Tensor values)
    {
        var (at, doubles) = ((nint)ClassWalk.Pointer(values), new double[values.numel()]);
        for (var c = 0; c < doubles.Length; c++) doubles[c] = ((float*)at)[c];
        GC.KeepAlive(values);
        return doubles;
    }
}
