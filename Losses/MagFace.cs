using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// MagFace: an angular margin that grows with the norm a of the embedding, <c>s cos(theta_y + m(a))</c>, and a term
/// <c>lambda (a / u_a^2 + 1 / a)</c> that pulls norms up. Gradients flow to the norm through both, so that a sample that is easy to place
/// gets a large one (Meng et al., CVPR 2021).
/// </summary>
[Category("cross-entropy")]
[Description("angular margin that grows with the norm of the embedding, and a term that pulls norms up")]
public sealed record MagFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("smallest norm l_a: smaller ones count as it")]
    [Range(0.0, 10000.0, MinimumIsExclusive = true)]
    public double NormMinimum { get; init; } = 10;

    [Description("largest norm u_a: larger ones count as it")]
    [Range(0.0, 10000.0, MinimumIsExclusive = true)]
    public double NormMaximum { get; init; } = 110;

    [Description("margin l_m at the smallest norm, in radians")]
    [Range(0.0, Math.PI)]
    public double MarginMinimum { get; init; } = 0.45;

    [Description("margin u_m at the largest norm, in radians")]
    [Range(0.0, Math.PI)]
    public double MarginMaximum { get; init; } = 0.8;

    [Description("lambda_g, weight of the norms' own term")]
    [Range(0.0, 1e6)]
    public double Regulariser { get; init; } = 35;

    [Description("margin only where the own cosine is above 0; else it falls on monotonically beyond theta + m = pi")]
    public bool EasyMargin { get; init; } = true;

    protected override IEnumerable<string> OwnProblems(LossShape shape)
    {
        if (NormMinimum >= NormMaximum) yield return $"normMinimum {NormMinimum} and normMaximum {NormMaximum}; it must be below";
        if (MarginMinimum > MarginMaximum)
            yield return $"marginMinimum {MarginMinimum} and marginMaximum {MarginMaximum}; it must not be above";
    }

    protected override FaceLoss Create(LossShape shape) => new MagFaceLoss(this, shape);
}

internal sealed class MagFaceLoss : SoftmaxFamilyLoss
{
    private readonly MagFaceOptions options;

    public MagFaceLoss(MagFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Scale = options.Scale, TargetGiven = Target, NormTerm = Regulariser };

    private Tensor Target(Tensor cosine, SampleFacts sample)
    {
        var m = Margin(sample.Norms).to(cosine.dtype);
        var moved = Angles.Moved(cosine, m);
        return options.EasyMargin
            ? where(cosine > 0, moved, cosine)
            : where(cosine > -m.cos(), moved, cosine - m * m.sin()); // theta + m < pi
    }

    /// <summary>m(a), linear in the norm.</summary>
    private Tensor Margin(Tensor norms)
    {
        var slope = (options.MarginMaximum - options.MarginMinimum) / (options.NormMaximum - options.NormMinimum);
        return (Held(norms) - options.NormMinimum) * slope + options.MarginMinimum;
    }

    private Tensor Regulariser(Tensor norms)
    {
        var held = Held(norms);
        return (held / (options.NormMaximum * options.NormMaximum) + held.reciprocal()) * options.Regulariser;
    }

    /// <summary>a: a norm outside the range gets no gradient.</summary>
    private Tensor Held(Tensor norms) => norms.clamp(options.NormMinimum, options.NormMaximum);
}
