using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>Where SphereFace2 has its margin.</summary>
public enum SphereFace2Type
{
    /// <summary>On the cosines: <c>g(c_y) - m</c> and <c>g(c_j) + m</c>.</summary>
    C,

    /// <summary>Added to the own angle: <c>g(cos(min(theta_y + m, pi)))</c>.</summary>
    A,

    /// <summary>A factor of the own angle: <c>g(cos(min(m theta_y, pi)))</c>.</summary>
    M,
}

/// <summary>
/// SphereFace2: <c>(w/r) [a softplus(-(r (g(c_y) - m) + b)) + (1-a) sum over j != y of softplus(r (g(c_j) + m) + b)]</c> with
/// <c>g(c) = 2 ((c+1)/2)^t - 1</c> and one trained bias b (Wen et al., ICLR 2022, type C).
/// </summary>
[Category("pairwise logistic")]
[Description("one logistic decision per identity, on bent cosines, with a margin on both sides and one trained bias")]
public sealed record SphereFace2Options : LossOptions
{
    [Description("scale r of the bent cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 40;

    [Description("c (on the cosines), a (added to the own angle) or m (factor of the own angle)")]
    public SphereFace2Type MarginType { get; init; }

    [Description("margin m: on cosines for c, radians for a, a factor of at least 1 for m")]
    [Range(0.0, 10.0)]
    public double Margin { get; init; } = 0.4;

    [Description("exponent t of the bend g(c) = 2 ((c+1)/2)^t - 1; 1 leaves cosines as they are")]
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double Curve { get; init; } = 3;

    [Description("share alpha of the own identity; the others have 1 - alpha")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double PositiveShare { get; init; } = 0.7;

    [Description("weight of the loss; it is divided by the scale")]
    [Range(0.0, 100000.0, MinimumIsExclusive = true)]
    public double LossWeight { get; init; } = 50;

    [Description("detached (the published code: as if the own and the other logits were r c) or exact")]
    public MarginGradient Gradient { get; init; } = MarginGradient.Detached;

    protected override IEnumerable<string> OwnProblems(LossShape shape)
    {
        if (MarginType == SphereFace2Type.M && Margin < 1)
            yield return $"margin {Margin} of marginType m is a factor of the angle; it must be at least 1";
    }

    protected override FaceLoss Create(LossShape shape) => new SphereFace2Loss(this, shape);
}

internal sealed class SphereFace2Loss : PairwiseLoss
{
    private readonly SphereFace2Options options;
    private readonly SoftplusTerm term;
    private readonly Parameter bias; // b, trained, 1

    public SphereFace2Loss(SphereFace2Options options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        var margin = options.MarginType == SphereFace2Type.C ? options.Margin : 0;
        term = new SoftplusTerm(options.Scale, options.Scale * margin, options.Curve, options.Gradient == MarginGradient.Detached);
        bias = new Parameter(full(1, StartingBias(shape.Classes)));
        RegisterComponents();
    }

    public override IReadOnlyDictionary<string, Tensor> Followed => new Dictionary<string, Tensor> { ["bias"] = bias };

    protected internal override SumForm Form => new()
    {
        Term = term,
        Own = own => SoftplusTerm.Softplus(Target(own) * -options.Scale - bias.to(own.dtype)) *
            (options.PositiveShare * options.LossWeight / options.Scale),
        Weight = (1 - options.PositiveShare) * options.LossWeight / options.Scale,
        Shift = bias,
    };

    /// <summary>The own identity's bent cosine with its margin.</summary>
    private Tensor Target(Tensor own)
    {
        if (options.MarginType == SphereFace2Type.C) return term.Curved(own) - options.Margin;
        var angle = Angles.Angle(own);
        var moved = (options.MarginType == SphereFace2Type.A ? angle + options.Margin : angle * options.Margin).clamp_max(Math.PI).cos();
        var target = term.Curved(moved);
        return term.IsDetached ? own + (target - own).detach() : target;
    }

    /// <summary>
    /// Returns b with which the own identity and the others pull equally hard at the start, when all cosines are 0: the paper's appendix.
    /// Without it the first steps are about the C-1 others alone.
    /// </summary>
    private double StartingBias(int classes)
    {
        var share = options.PositiveShare;
        var z = share / ((1 - share) * (classes - 1));
        var bent = options.Scale * (2 * Math.Pow(0.5, options.Curve) - 1);
        var margin = options.Scale * (options.MarginType == SphereFace2Type.C ? options.Margin : 0);
        var (own, others) = (bent - margin, bent + margin);
        var root = Math.Sqrt((1 - z) * (1 - z) + 4 * z * Math.Exp(own - others));
        // the sum of 1 - z and the root vanishes where z is above 1 and the margin large: there by the other root of the quadratic
        return z <= 1 ? Math.Log(2 * z) - others - Math.Log(1 - z + root) : Math.Log(root + z - 1) - Math.Log(2) - own;
    }
}
