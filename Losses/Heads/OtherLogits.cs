using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// The logits of the other identities where a loss makes them by a formula of its own: <c>z_j = v(c_j + shift) + offset</c>, scale
/// included. Each loss states the value and its slope by hand, since a kernel passes over a whole tile for every operation and autograd
/// makes more of them than the formula needs. The straight formulation takes the value alone, so autograd checks the slope.
/// </summary>
public abstract record OtherLogits
{
    /// <summary>Below every cosine: stands for the own one where hard others are looked for.</summary>
    internal const double NoCosine = -2;

    /// <summary>Added to the cosines in the pass that makes them of the products, where it costs nothing.</summary>
    internal virtual double Shift => 0;

    /// <summary>Added to every logit; a kernel adds it to the logarithm of their sum.</summary>
    internal virtual double Offset => 0;

    /// <summary>Whether <see cref="SoftmaxForm.TargetGiven"/> gets the mean cosine of the hard others.</summary>
    public bool AveragesHard { get; init; }

    /// <summary>
    /// Returns which shifted cosines, B x T, are hard, given the own cosines, B x 1. No gradient flows through the choice. Null where the
    /// formula is the same for all.
    /// </summary>
    internal virtual Tensor? Hard(Tensor shifted, Tensor own) => null;

    /// <summary>Returns v, a new tensor, B x T.</summary>
    /// <param name="shifted">c_j + shift, B x T; left unchanged.</param>
    /// <param name="hard">Which of them are hard; null where there is no such choice.</param>
    internal abstract Tensor Values(Tensor shifted, Tensor? hard);

    /// <summary>Returns v + column and dv/dc, new tensors, B x T each.</summary>
    /// <param name="column">B x 1.</param>
    /// <inheritdoc cref="Values" path="/param"/>
    internal abstract (Tensor Exponents, Tensor Slopes) WithSlopes(Tensor shifted, Tensor? hard, Tensor column);

    /// <summary>The logits by differentiable operations, B x C.</summary>
    /// <param name="own">Cosines with the own proxies, B x 1, without a graph.</param>
    internal Tensor Of(Tensor cosines, Tensor own)
    {
        var shifted = Shift == 0 ? cosines : cosines + Shift;
        var values = Values(shifted, Hard(shifted.detach(), own));
        return Offset == 0 ? values : values + Offset;
    }

    /// <summary>Sum of the shifted hard cosines and their number, B each; the own ones must not be among them.</summary>
    internal static (Tensor Sum, Tensor Count) HardSums(Tensor shifted, Tensor hard) =>
        (where(hard, shifted, zeros(1, shifted.dtype, shifted.device)).sum(1), hard.sum(1, type: shifted.dtype));

    /// <summary>The mean of the hard cosines, B; 0 where there are none.</summary>
    internal Tensor HardMean(Tensor sum, Tensor count) => (sum - count * Shift) / count.clamp_min(1);
}

/// <summary>Any function of the cosine, the same for all others, with its slope.</summary>
/// <param name="Value">v of the cosines: a new tensor, B x T.</param>
/// <param name="Both">v and dv/dc, new tensors, B x T each.</param>
public sealed record StatedLogits(Func<Tensor, Tensor> Value, Func<Tensor, (Tensor Value, Tensor Slope)> Both) : OtherLogits
{
    internal override Tensor Values(Tensor shifted, Tensor? hard) => Value(shifted);

    internal override (Tensor Exponents, Tensor Slopes) WithSlopes(Tensor shifted, Tensor? hard, Tensor column)
    {
        var (value, slope) = Both(shifted);
        return (value.add_(column), slope);
    }
}
