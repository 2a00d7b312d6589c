using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>Which derivative the margin has (ArcFace, SphereFace-R).</summary>
public enum MarginGradient
{
    /// <summary>The true derivative; on ArcFace's target it is sin(theta + m) / sin(theta) of the plain one.</summary>
    Exact,

    /// <summary>The value with the margin, the derivative of s c_j, as in public code that computes the margin without autograd.</summary>
    Detached,
}

/// <summary>What replaces cos(theta + m) once theta + m passes pi, where the cosine would rise again.</summary>
public enum MarginOverflow
{
    /// <summary>Nothing: the cosine rises again.</summary>
    None,

    /// <summary>c - m sin(m), which keeps falling.</summary>
    Monotone,

    /// <summary>The angle is held at pi: -1, derivative 0.</summary>
    Clamp,

    /// <summary>The margin applies only where c is above 0.</summary>
    Easy,
}

/// <summary>Additive angular margin: target logit <c>s cos(theta_y + m)</c> (Deng et al., ArcFace, CVPR 2019, Eq. 3).</summary>
[Category("cross-entropy")]
[Description("additive angular margin: target logit s cos(theta_y + m)")]
public sealed record ArcFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("angular margin m in radians")]
    [Range(0.0, Math.PI)]
    public double MarginRadians { get; init; } = 0.5;

    [Description("derivative of the margin: exact or detached")]
    public MarginGradient Gradient { get; init; } = MarginGradient.Exact;

    [Description("beyond theta + m = pi: none, monotone, clamp or easy")]
    public MarginOverflow Overflow { get; init; } = MarginOverflow.Monotone;

    protected override FaceLoss Create(LossShape shape) => new ArcFaceLoss(this, shape);
}

internal sealed class ArcFaceLoss : SoftmaxFamilyLoss
{
    private readonly ArcFaceOptions options;

    public ArcFaceLoss(ArcFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Scale = options.Scale, Target = Target };

    /// <summary>Replaces the target's cosine, elementwise.</summary>
    private Tensor Target(Tensor cosine)
    {
        var m = options.MarginRadians;
        var moved = cosine * Math.Cos(m) - Angles.Sine(cosine) * Math.Sin(m); // cos(theta + m), without acos
        var within = cosine > -Math.Cos(m);                                   // theta + m < pi
        var target = options.Overflow switch
        {
            MarginOverflow.None => moved,
            MarginOverflow.Monotone => where(within, moved, cosine - m * Math.Sin(m)),
            MarginOverflow.Clamp => where(within, moved, full_like(cosine, -1)),
            MarginOverflow.Easy => where(cosine > 0, moved, cosine),
            _ => throw new ArgumentOutOfRangeException(nameof(cosine), options.Overflow, "unknown overflow"),
        };
        return options.Gradient == MarginGradient.Exact ? target : cosine + (target - cosine).detach();
    }
}
