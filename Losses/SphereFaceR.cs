using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>The three characteristic functions of SphereFace-R.</summary>
public enum SphereFaceRVersion
{
    /// <summary>psi(theta), the monotone continuation of cos(m theta).</summary>
    V0,

    /// <summary>cos(min(m theta, pi)).</summary>
    V1,

    /// <summary>The target keeps cos(theta); the others' angles are divided by m.</summary>
    V2,
}

/// <summary>
/// SphereFace-R with hard feature normalisation: target logit <c>s psi_R(theta_y)</c> (Liu et al., SphereFace Revived,
/// IEEE TPAMI 2022).
/// </summary>
[Category("cross-entropy")]
[Description("SphereFace revived: multiplicative margin on normalised features")]
public sealed record SphereFaceROptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 30;

    [Description("factor m of the angle")]
    [Range(1.0, 10.0)]
    public double Margin { get; init; } = 1.5;

    [Description("characteristic function: v0, v1 or v2")]
    public SphereFaceRVersion Version { get; init; } = SphereFaceRVersion.V1;

    [Description("derivative of the characteristic function: exact or detached")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // so that trials without it keep their ids
    public MarginGradient Gradient { get; init; } = MarginGradient.Exact;

    [Description("weight lw: the loss is multiplied by lw / s; none leaves it as it is")]
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // so that trials without it keep their ids
    public double? LossWeight { get; init; }

    protected override FaceLoss Create(LossShape shape) => new SphereFaceRLoss(this, shape);
}

internal sealed class SphereFaceRLoss : SoftmaxFamilyLoss
{
    private readonly SphereFaceROptions options;

    public SphereFaceRLoss(SphereFaceROptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        Target = Target,
        Others = options.Version == SphereFaceRVersion.V2 ? new StatedLogits(Others, WithSlope) : null,
        Weight = options.LossWeight is { } weight ? weight / options.Scale : 1,
    };

    private Tensor Target(Tensor cosine) => options.Version switch
    {
        SphereFaceRVersion.V0 => WithGradient(cosine, Angles.MonotoneMultiple(cosine, options.Margin)),
        SphereFaceRVersion.V1 => WithGradient(cosine, (Angles.Angle(cosine) * options.Margin).clamp_max(Math.PI).cos()),
        _ => cosine,
    };

    /// <summary>s cos(theta_j / m).</summary>
    private Tensor Others(Tensor cosines) =>
        WithGradient(cosines, (Angles.Angle(cosines) / options.Margin).cos()).mul_(options.Scale);

    /// <summary>The same with its slope, s sin(theta_j / m) / (m sin(theta_j)), or s.</summary>
    private (Tensor Value, Tensor Slope) WithSlope(Tensor cosines)
    {
        var theta = Angles.Angle(cosines);
        var part = theta / options.Margin;
        var value = part.cos().mul_(options.Scale);
        if (options.Gradient == MarginGradient.Detached) return (value, full_like(cosines, options.Scale));
        return (value, Angles.WithoutGuarded(part.sin_().div_(theta.sin_()).mul_(options.Scale / options.Margin), cosines));
    }

    /// <summary>The value of <paramref name="mapped"/> with the derivative that the options ask for.</summary>
    private Tensor WithGradient(Tensor cosine, Tensor mapped) =>
        options.Gradient == MarginGradient.Exact ? mapped : cosine + (mapped - cosine).detach();
}
