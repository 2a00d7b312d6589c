using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// Logits in two pieces: <c>z = F (c - r) + e r</c> with <c>F = e</c> where a cosine is not hard, so that z = e c, and
/// <c>F = q c + p</c> where it is. The scale is part of the factors. Stated by numbers, so that the fused kernels compute it too.
/// </summary>
/// <param name="Easy">e.</param>
/// <param name="Square">q.</param>
/// <param name="Line">p.</param>
/// <param name="Root">r.</param>
/// <param name="Threshold">
/// Above which cosine an other is hard, B x 1 from the own cosines, B x 1. Null: where F is positive, so that F is <c>[q c + p]+</c>; e is
/// then 0.
/// </param>
public sealed record PiecewiseLogits(double Easy, double Square, double Line, double Root, Func<Tensor, Tensor>? Threshold) : OtherLogits
{
    /// <summary>On the device, 1: p is its product with <see cref="Line"/>. Null for 1. It takes no gradient.</summary>
    public Tensor? MovingLine { get; init; }

    /// <summary>Whether F takes no gradient: the slope of z is then F.</summary>
    public bool IsDetached { get; init; }

    internal override double Shift => -Root;

    internal override double Offset => Easy * Root;

    internal override Tensor? Hard(Tensor shifted, Tensor own) => Threshold is null ? null : shifted > Threshold(own) + Shift;

    internal override Tensor Values(Tensor shifted, Tensor? hard) =>
        Factor(IsDetached ? shifted.detach() : shifted, hard).mul_(shifted);

    // the product of factor and cosine costs one pass forward, and none backward, where the shift of the exponent needs that pass anyway
    internal override (Tensor Exponents, Tensor Slopes) WithSlopes(Tensor shifted, Tensor? hard, Tensor column)
    {
        var factor = Factor(shifted, hard);
        var exponents = column.addcmul(factor, shifted, 1);
        if (IsDetached || Square == 0) return (exponents, factor);
        return (exponents, hard is null ? factor.addcmul_(factor.gt(0), shifted, Square)
            : where(hard, factor.add_(shifted, Square), Constant(Easy, shifted)));
    }

    /// <summary>F, a new tensor, B x T; of a constant piece only as many values as its broadcast needs.</summary>
    private Tensor Factor(Tensor shifted, Tensor? hard)
    {
        // q c + p = q (shifted + r) + p
        var piece = MovingLine is null ? Constant(Line + Square * Root, shifted)
            : (MovingLine.to(shifted.dtype) * Line).add_(Square * Root);
        if (Square != 0) piece = piece.add(shifted, Square);
        return hard is null ? piece.clamp_min_(0) : where(hard, piece, Constant(Easy, shifted));
    }

    private static Tensor Constant(double value, Tensor like) => full(1, value, like.dtype, like.device);
}
