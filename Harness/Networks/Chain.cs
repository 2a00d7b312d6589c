using Ablation.Harness.Kernels;
using Ablation.Losses.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>A part of a network that runs its own layers by <see cref="Chain"/>, and that may be computed twice to save memory.</summary>
internal interface IChained;

/// <summary>
/// Runs layers one after the other. On the CPU, while a <see cref="Tape"/> records and in inference, a convolution, or a normalisation
/// with what follows it, runs in our own kernels; elsewhere each layer is called unchanged.
/// </summary>
internal static class Chain
{
    [ThreadStatic] private static bool inferring;

    /// <summary>Lets networks in evaluation mode use the kernels on this thread, within <c>no_grad</c>, until disposed.</summary>
    public static IDisposable Inference() => new Inferring();

    /// <summary>
    /// Computes <paramref name="layers"/> of <paramref name="x"/>, plus <paramref name="plus"/>, and then <paramref name="last"/> if there
    /// is one.
    /// </summary>
    public static Tensor Run(Sequential layers, Tensor x, Tensor? plus = null, nn.Module<Tensor, Tensor>? last = null)
    {
        var tape = Tape.Current;
        var list = new List<nn.Module<Tensor, Tensor>>();
        Flatten(layers, list);
        if (tape is not null && (tape.UsesKernels || list.Any(layer => layer is IChained))) return Walk(list, x, plus, last, tape);

        using var scope = NewDisposeScope();
        if (inferring && !layers.training && !is_grad_enabled()) return Walk(list, x, plus, last, null).MoveToOuterDisposeScope();
        var y = list.Aggregate(x, Call);
        if (plus is not null) y = y.add_(plus);
        return (last is null ? y : last.call(y)).MoveToOuterDisposeScope();
    }

    private static Tensor Walk(List<nn.Module<Tensor, Tensor>> layers, Tensor x, Tensor? plus, nn.Module<Tensor, Tensor>? last, Tape? tape)
    {
        var kernels = tape is null || tape.UsesKernels;
        var owned = false; // whether x may be overwritten
        for (var i = 0; i < layers.Count; i++)
        {
            var before = x;
            var closes = i == layers.Count - 1;
            var follower = NormPiece.Follower(closes ? plus : null, closes ? last : layers[i + 1]);
            if (kernels && layers[i] is BatchNorm2d norm && NormPiece.Fits(norm, x, follower))
            {
                x = tape is not null ? NormPiece.Record(tape, norm, x, follower, owned) : NormPiece.Infer(norm, x, follower, owned);
                if (closes) (plus, last) = (null, follower.HasActivation ? null : last);
                else if (follower.HasActivation) i++;
            }
            else if (kernels && layers[i] is Conv2d convolution && ConvolutionPiece.Fits(convolution, x))
            {
                x = tape is not null ? ConvolutionPiece.Record(tape, convolution, x) : ConvolutionPiece.Forward(convolution, x);
            }
            else if (tape is not null && layers[i] is IChained)
            {
                var part = layers[i];
                x = tape.Checkpoints ? tape.Checkpoint(x, part.call, () => new KeptStatistics(part)) : part.call(x);
            }
            else if (tape is not null)
            {
                // activations may overwrite their input, which must not be a leaf: they join the layer before them
                var first = i;
                while (i + 1 < layers.Count && IsActivation(layers[i + 1])) i++;
                x = tape.Segment(x, value => layers[first..(i + 1)].Aggregate(value, Call));
            }
            else
            {
                x = Call(x, layers[i]);
            }

            if (tape is null && owned && !ReferenceEquals(before, x)) before.Dispose();
            owned = tape is null || layers[i] is Conv2d; // the backward pass of a convolution does not read its output
        }

        if (plus is null && last is null) return x;
        return tape is null ? End(x) : tape.Segment(x, End);

        Tensor End(Tensor value)
        {
            if (plus is not null) value = value + plus;
            return last is null ? value : last.call(value);
        }
    }

    /// <summary>
    /// Calls a layer, except where oneDNN computes it wrongly (<see cref="PointwiseProduct"/>); a depthwise convolution with stride in
    /// float32: oneDNN's backward pass through it takes 15 to 40 times longer in bfloat16.
    /// </summary>
    private static Tensor Call(Tensor x, nn.Module<Tensor, Tensor> layer)
    {
        if (layer is Conv2d pointwise && PointwiseProduct.Takes(pointwise, x)) return PointwiseProduct.Forward(pointwise, x);
        if (x.dtype != ScalarType.BFloat16 || !CpuPath.IsTaken(x) || layer is not Conv2d { groups: > 1 } depthwise
            || depthwise.stride.All(one => one == 1)) return layer.call(x);
        using var exact = Autocast.Pause(CPU);
        return layer.call(x.to(ScalarType.Float32)).to(ScalarType.BFloat16);
    }

    private static bool IsActivation(nn.Module layer) => layer is PReLU or LeakyReLU or ReLU;

    private static void Flatten(Sequential layers, List<nn.Module<Tensor, Tensor>> into)
    {
        foreach (var layer in layers.children().Cast<nn.Module<Tensor, Tensor>>())
        {
            if (layer is Sequential inner) Flatten(inner, into);
            else into.Add(layer);
        }
    }

    private sealed class Inferring : IDisposable
    {
        private readonly bool before = inferring;

        public Inferring() => inferring = true;

        public void Dispose() => inferring = before;
    }
}
