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
    private readonly StepValues step = new(); // own cosines
    // t, and t of the next step; on the device, so that no step waits for them
    private readonly Tensor mean, next;

    public CurricularFaceLoss(CurricularFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        (mean, next) = (zeros(1), zeros(1));
        RegisterComponents(); // registers them as buffers, so that checkpoints hold t
    }

    public override IReadOnlyDictionary<string, Tensor> Followed =>
        new Dictionary<string, Tensor> { ["t"] = get_buffer(nameof(mean))! };

    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        Target = Target,
        Others = new PiecewiseLogits(Easy: options.Scale, Square: options.Scale, Line: options.Scale, Root: 0, Threshold: Moved)
        {
            MovingLine = get_buffer(nameof(mean)), // s c (t + c)
        },
        Watch = training && options.Momentum > 0 ? Follow : null,
    };

    protected override void StartPass() => get_buffer(nameof(mean))!.copy_(get_buffer(nameof(next))!);

    protected override void Dispose(bool disposing)
    {
        if (disposing) step.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Replaces the target's cosine: cos(theta + m), which keeps falling beyond theta + m = pi as ArcFace's does.</summary>
    private Tensor Target(Tensor own) =>
        where(own > -Math.Cos(options.MarginRadians), Moved(own), own - options.MarginRadians * Math.Sin(options.MarginRadians));

    private Tensor Moved(Tensor own) => Angles.Moved(own, options.MarginRadians);

    /// <summary>
    /// Moves t by the mean over all images of a step, at the end of the step. The published code moves it before the step uses it; here all
    /// micro-batches of a step share one t, so that splitting a batch does not change the step.
    /// </summary>
    private void Follow(PassFacts pass)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        if (step.Add(pass.Own, PassesPerStep) is not { } own) return;
        var t = get_buffer(nameof(next))!;
        t.add_((own.mean().to(t.dtype) - t) * options.Momentum);
    }
}
