using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>What one other identity adds to a loss of the pairwise family, as a function of its cosine.</summary>
public abstract record SumTerm
{
    /// <summary>The value, elementwise and differentiable.</summary>
    /// <param name="cosines">Any shape.</param>
    /// <param name="shift">The form's trained number, 1; null where it has none.</param>
    internal abstract Tensor Value(Tensor cosines, Tensor? shift);

    /// <summary>The same of products and 1 / norm of their proxies, in few passes and without a graph.</summary>
    /// <param name="products">B x T; not changed.</param>
    /// <param name="inverse">1 x T.</param>
    internal abstract Tensor Terms(Tensor products, Tensor inverse, Tensor? shift);

    /// <summary>
    /// The derivatives of the terms: that by the cosine divided by <see cref="Factor"/>, and that by the shift where there is one; new
    /// tensors, which may be the same.
    /// </summary>
    /// <inheritdoc cref="Terms" path="/param"/>
    internal abstract (Tensor ByCosine, Tensor? ByShift) Slopes(Tensor products, Tensor inverse, Tensor? shift);

    /// <summary>A factor of all derivatives by the cosine, which no pass over B x T has to multiply.</summary>
    internal abstract double Factor { get; }
}

/// <summary>
/// <c>log(1 + e^z)</c> with <c>z = scale g(c) + offset + shift</c> and <c>g(c) = 2 ((c+1)/2)^curve - 1</c>; g is c itself where the curve
/// is 1.
/// </summary>
/// <param name="Scale">s or r.</param>
/// <param name="Offset">A margin times the scale, say.</param>
/// <param name="Curve">The exponent of g, above 0.</param>
/// <param name="IsDetached">Whether the gradient takes g for c.</param>
public sealed record SoftplusTerm(double Scale, double Offset, double Curve = 1, bool IsDetached = false) : SumTerm
{
    private const double Threshold = 40; // above it softplus is z itself, to the last digit of a float64

    /// <summary>Whether vectorised code computes it: powers that are whole and small are products.</summary>
    internal bool HasVectors => Curve is >= 1 and <= 8 && Curve == Math.Floor(Curve);

    /// <summary>g, elementwise and differentiable; its gradient is that of c where it is detached.</summary>
    public Tensor Curved(Tensor cosines)
    {
        if (Curve == 1) return cosines;
        var curved = Base(cosines).pow(Curve) * 2 - 1;
        return IsDetached ? cosines + (curved - cosines).detach() : curved;
    }

    internal override Tensor Value(Tensor cosines, Tensor? shift) => Softplus(Argument(Curved(cosines), shift));

    internal override double Factor => IsLinear ? Scale : Scale * Curve;

    internal override Tensor Terms(Tensor products, Tensor inverse, Tensor? shift) =>
        nn.functional.softplus(Exponents(products, inverse, shift), threshold: Threshold);

    internal override (Tensor ByCosine, Tensor? ByShift) Slopes(Tensor products, Tensor inverse, Tensor? shift)
    {
        var sigmoid = Exponents(products, inverse, shift).sigmoid_();
        if (IsLinear) return (sigmoid, shift is null ? null : sigmoid);
        return (Base(products * inverse).pow_(Curve - 1).mul_(sigmoid), shift is null ? null : sigmoid); // Scale g'(c) / Factor
    }

    /// <summary>log(1 + e^z), which neither overflows nor loses small values.</summary>
    public static Tensor Softplus(Tensor z) => z.logaddexp(zeros_like(z));

    private bool IsLinear => Curve == 1 || IsDetached;

    private Tensor Argument(Tensor curved, Tensor? shift)
    {
        var scaled = curved * Scale;
        return shift is null ? scaled + Offset : scaled + (shift + Offset);
    }

    /// <summary>z, a new tensor.</summary>
    private Tensor Exponents(Tensor products, Tensor inverse, Tensor? shift)
    {
        var offset = shift is null ? full_like(inverse, Offset) : (shift + Offset).unsqueeze(0);
        return Curve == 1
            ? offset.addcmul(products, inverse, Scale)
            : Base(products * inverse).pow_(Curve).mul_(2 * Scale).add_(offset - Scale);
    }

    /// <summary>(c+1)/2, of which a rounded cosine must not make a negative number.</summary>
    private static Tensor Base(Tensor cosines) => ((cosines + 1) * 0.5).clamp_min(1e-12);
}

/// <summary><c>c^2</c>.</summary>
public sealed record SquareTerm : SumTerm
{
    internal override Tensor Value(Tensor cosines, Tensor? shift) => cosines.square();

    internal override double Factor => 2;

    internal override Tensor Terms(Tensor products, Tensor inverse, Tensor? shift) => (products * inverse).pow_(2);

    internal override (Tensor ByCosine, Tensor? ByShift) Slopes(Tensor products, Tensor inverse, Tensor? shift) =>
        (products * inverse, null);
}
