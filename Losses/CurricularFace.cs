using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// CurricularFace: ArcFace's target <c>s cos(theta_y + m)</c>; hard others, <c>c_j &gt; cos(theta_y + m)</c>, get the
/// logit <c>s c_j (t + c_j)</c> and so more weight as t grows. t is the running mean of the target's cosine (Huang et al., CVPR 2020, Eqs.
/// 5 to 8).
/// </summary>
[Category("cross-entropy")]
[Description("ArcFace whose hard negatives weigh more as the training proceeds")]
public sealed record CurricularFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("angular margin m in radians")]
    [Range(0.0, Math.PI)]
    public double MarginRadians { get; init; } = 0.5;

    [Description("share of a step's mean cosine in the running mean t; 0 keeps t at 0")]
    [Range(0.0, 1.0)]
    public double Momentum { get; init; } = 0.01;

    protected override FaceLoss Create(LossShape shape) => new CurricularFaceLoss(this, shape);
}

internal sealed class CurricularFaceLoss : SoftmaxFamilyLoss
{
    private readonly CurricularFaceOptions options;
    // t, t of the next step, and the sum over this step; on the device, so that no step waits for them
    private readonly Tensor mean, next, sum;
    private long images;               // of this step
    private int passes;                // of this step; checkpoints are taken between steps only

    public CurricularFaceLoss(CurricularFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        (mean, next, sum) = (zeros(1), zeros(1), zeros(1));
        RegisterComponents(); // registers them as buffers, so that checkpoints hold t
    }

    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        Target = Target,
        Others = Others,
        Watch = training && options.Momentum > 0 ? Follow : null,
    };

    protected override void StartPass() => get_buffer(nameof(mean))!.copy_(get_buffer(nameof(next))!);

    /// <summary>
    /// Replaces the other identities' cosines, B x T, where they are above cos(theta_y + m) of <paramref name="own"/>, B x 1.
    /// </summary>
    private Tensor Others(Tensor cosines, Tensor own)
    {
        var t = get_buffer(nameof(mean))!.to(cosines.dtype);
        return where(cosines > Moved(own), cosines * (cosines + t), cosines);
    }

    /// <summary>Replaces the target's cosine: cos(theta + m), which keeps falling beyond theta + m = pi as ArcFace's does.</summary>
    private Tensor Target(Tensor own) =>
        where(own > -Math.Cos(options.MarginRadians), Moved(own), own - options.MarginRadians * Math.Sin(options.MarginRadians));

    /// <summary>cos(theta + m), without acos.</summary>
    private Tensor Moved(Tensor own) => own * Math.Cos(options.MarginRadians) - Angles.Sine(own) * Math.Sin(options.MarginRadians);

    /// <summary>
    /// Moves t by the mean over all images of a step, at the end of the step. The published code moves it before the step uses it; here all
    /// micro-batches of a step share one t, so that splitting a batch does not change the step.
    /// </summary>
    private void Follow(Tensor own)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var (t, total) = (get_buffer(nameof(next))!, get_buffer(nameof(sum))!);
        total.add_(own.sum().to(t.dtype));
        images += own.shape[0];
        if (++passes < PassesPerStep) return;
        t.add_((total / (double)images - t) * options.Momentum);
        total.zero_();
        (images, passes) = (0, 0);
    }
}
