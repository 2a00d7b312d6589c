using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// CurricularFace: ArcFace's target <c>s cos(theta_y + m)</c>; of the others those that are hard, <c>c_j &gt; cos(theta_y + m)</c>, weigh
/// more as the training goes on: <c>s c_j (t + c_j)</c>, t being the running mean of the target's cosine (Huang et al., CVPR 2020, Eqs. 5
/// to 8).
/// </summary>
[Category("cross-entropy")]
[Description("ArcFace whose hard negatives weigh more as the training goes on")]
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
    // t, that of the next step, and what the step in hand adds up; on the device, so that no step waits for them
    private readonly Tensor mean, next, sum;
    private long images;               // of the step in hand
    private int passes;                // of it; a checkpoint is only taken between two steps

    public CurricularFaceLoss(CurricularFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        (mean, next, sum) = (zeros(1), zeros(1), zeros(1));
        RegisterComponents(); // takes them in as buffers, so that checkpoints carry t
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
    /// The other identities' cosines, B x T: those above cos(theta_y + m), which <paramref name="own"/> (B x 1) gives, weighed.
    /// </summary>
    private Tensor Others(Tensor cosines, Tensor own)
    {
        var t = get_buffer(nameof(mean))!.to(cosines.dtype);
        return where(cosines > Moved(own), cosines * (cosines + t), cosines);
    }

    /// <summary>Replaces the target's cosine: cos(theta + m), which beyond theta + m = pi falls on as ArcFace's does.</summary>
    private Tensor Target(Tensor own) =>
        where(own > -Math.Cos(options.MarginRadians), Moved(own), own - options.MarginRadians * Math.Sin(options.MarginRadians));

    /// <summary>cos(theta + m), without acos.</summary>
    private Tensor Moved(Tensor own) => own * Math.Cos(options.MarginRadians) - Angles.Sine(own) * Math.Sin(options.MarginRadians);

    /// <summary>
    /// Moves t at the end of a step, by the mean over all its images. The published code moves it before the step's own use; here all
    /// micro-batches of a step share one t, and a batch in pieces is the same step.
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
