using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// NPCFace: hard negatives make both sides harder. Others above cos(theta_y + m) get the logit <c>s (t c_j + a)</c>, and the target's
/// margin is <c>m0 + m1</c> times their mean cosine, <c>s cos(theta_y + m0 + m1 mean)</c> (Zeng et al., NPCFace, 2020, in the form of
/// FaceX-Zoo).
/// </summary>
[Category("cross-entropy")]
[Description("hard negatives weigh more, and their mean cosine raises the target's angular margin")]
public sealed record NpcFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("m in radians: others above cos(theta_y + m) are hard")]
    [Range(0.0, Math.PI)]
    public double HardRadians { get; init; } = 0.5;

    [Description("m0, the target's margin in radians without hard negatives")]
    [Range(0.0, Math.PI)]
    public double MarginRadians { get; init; } = 0.4;

    [Description("m1, radians added per unit of the hard negatives' mean cosine")]
    [Range(0.0, Math.PI)]
    public double MarginSlope { get; init; } = 0.2;

    [Description("t, factor of a hard negative's cosine")]
    [Range(1.05, 10.0)]
    public double HardFactor { get; init; } = 1.1;

    [Description("a, added to it")]
    [Range(0.0, 1.0)]
    public double HardOffset { get; init; } = 0.2;

    protected override FaceLoss Create(LossShape shape) => new NpcFaceLoss(this, shape);
}

internal sealed class NpcFaceLoss : SoftmaxFamilyLoss
{
    private readonly NpcFaceOptions options;
    private readonly double crossing; // t c + a and c meet at -crossing

    public NpcFaceLoss(NpcFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        crossing = options.HardOffset / (options.HardFactor - 1);
        RegisterComponents();
    }

    // t c + a = t (c + b) - b with b = a / (t - 1): it meets c at -b
    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        TargetGiven = Target,
        Others = new PiecewiseLogits(Easy: options.Scale, Square: 0, Line: options.Scale * options.HardFactor, Root: -crossing,
            own => Angles.Moved(own, options.HardRadians))
        { AveragesHard = true },
    };

    /// <summary>No margin where the own cosine is not above 0.</summary>
    private Tensor Target(Tensor cosine, SampleFacts sample) =>
        where(cosine > 0, Angles.Moved(cosine, sample.HardMean! * options.MarginSlope + options.MarginRadians), cosine);
}
