using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>Whose AdaFace.</summary>
public enum AdaFaceVariant
{
    /// <summary>The paper's and its code's: the true derivative, the moved angle held within (0, pi).</summary>
    Paper,

    /// <summary>CVLface's: the margins without autograd, so the derivative is that of s c_y, and the moved angle is not held.</summary>
    Cvlface,
}

/// <summary>
/// AdaFace: margins that follow the quality of an image, which is read from the norm of its embedding. The target's logit is
/// <c>s (cos(theta_y - m q) - m (1 + q))</c>, q from -1 to 1; q = -1 is ArcFace, q = 0 is CosFace (Kim et al., CVPR 2022).
/// </summary>
[Category("cross-entropy")]
[Description("angle and cosine margins that follow the norm of the embedding as a measure of quality")]
public sealed record AdaFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("margin m, in radians on the angle and as it is on the cosine")]
    [Range(0.0, 1.5)]
    public double Margin { get; init; } = 0.4;

    [Description("concentration h: the norm's distance from the mean, in deviations, is multiplied by it; negative turns the order round")]
    [Range(-1000.0, 1000.0)]
    public double Concentration { get; init; } = 0.333;

    [Description("share of a step's mean and deviation of the norms in the running ones; 0 keeps those of the start")]
    [Range(0.0, 1.0)]
    public double Momentum { get; init; } = 0.01;

    [Description("running mean of the norms at the start")]
    [Range(0.0, 1000.0)]
    public double StartMean { get; init; } = 20;

    [Description("running standard deviation of the norms at the start")]
    [Range(0.0, 1000.0)]
    public double StartDeviation { get; init; } = 100;

    [Description("whose code: paper or cvlface")]
    public AdaFaceVariant Variant { get; init; } = AdaFaceVariant.Paper;

    protected override FaceLoss Create(LossShape shape) => new AdaFaceLoss(this, shape);
}

internal sealed class AdaFaceLoss : SoftmaxFamilyLoss
{
    private const double SmallestNorm = 0.001, LargestNorm = 100; // norms beyond count as these
    private const double SmallestDeviation = 0.001;               // added to the deviation
    private const double AngleGuard = 0.001;                      // radians between the moved angle and 0 or pi

    private readonly AdaFaceOptions options;
    private readonly StepValues step = new(); // norms
    // of the norms, and those of the next step; on the device, so that no step waits for them
    private readonly Tensor mean, deviation, nextMean, nextDeviation;

    public AdaFaceLoss(AdaFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        (mean, nextMean) = (full(1, options.StartMean, ScalarType.Float32), full(1, options.StartMean, ScalarType.Float32));
        (deviation, nextDeviation) = (full(1, options.StartDeviation, ScalarType.Float32),
            full(1, options.StartDeviation, ScalarType.Float32));
        RegisterComponents(); // registers them as buffers, so that checkpoints hold them
    }

    public override IReadOnlyDictionary<string, Tensor> Followed => new Dictionary<string, Tensor>
    {
        ["mean norm"] = get_buffer(nameof(mean))!,
        ["deviation of norms"] = get_buffer(nameof(deviation))!,
    };

    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        TargetGiven = Target,
        Watch = training && options.Momentum > 0 ? Follow : null,
    };

    protected override void StartPass()
    {
        get_buffer(nameof(mean))!.copy_(get_buffer(nameof(nextMean))!);
        get_buffer(nameof(deviation))!.copy_(get_buffer(nameof(nextDeviation))!);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) step.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Target(Tensor cosine, SampleFacts sample)
    {
        var turn = Quality(sample.Norms).to(cosine.dtype) * -options.Margin;       // of the angle
        if (options.Variant == AdaFaceVariant.Cvlface)
            return cosine + (Angles.Moved(cosine, turn) + turn - options.Margin - cosine).detach();
        var angle = (Angles.Angle(cosine) + turn).clamp(AngleGuard, Math.PI - AngleGuard);
        return angle.cos() + turn - options.Margin;                                // less m (1 + q)
    }

    /// <summary>q, from -1 to 1, without a gradient to the norm.</summary>
    private Tensor Quality(Tensor norms)
    {
        var (centre, width) = (get_buffer(nameof(mean))!.to(norms.dtype), get_buffer(nameof(deviation))!.to(norms.dtype));
        var distance = Held(norms.detach()) - centre;
        return (distance / (width + SmallestDeviation) * options.Concentration).clamp(-1, 1);
    }

    private static Tensor Held(Tensor norms) => norms.clamp(SmallestNorm, LargestNorm);

    /// <summary>
    /// Moves mean and deviation by those of all images of a step, at the end of the step, so that micro-batches share them. The published
    /// code moves them before the step uses them. One image has no deviation, and leaves it.
    /// </summary>
    private void Follow(PassFacts pass)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        if (step.Add(pass.Norms, PassesPerStep) is not { } whole) return;
        var norms = Held(whole);
        var centre = norms.mean();
        Move(nameof(nextMean), centre);
        // libtorch's std reads a value on the way
        if (norms.shape[0] > 1) Move(nameof(nextDeviation), (norms - centre).square().sum().div_(norms.shape[0] - 1).sqrt_());
    }

    private void Move(string name, Tensor value)
    {
        var running = get_buffer(name)!;
        running.add_((value.to(running.dtype) - running) * options.Momentum);
    }
}
