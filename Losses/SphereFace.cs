using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// A-Softmax with annealing: target logit <c>|x| (psi(theta_y) + lambda c_y) / (1 + lambda)</c>, others <c>|x| c_j</c>
/// (Liu et al., SphereFace, CVPR 2017, Eq. 7 and the annealing of its supplement). The margin multiplies the angle and
/// need not be whole. The iteration belongs to the saved state, so that a resumed run continues with the same lambda.
/// </summary>
[Category("cross-entropy")]
[Description("multiplicative angular margin with annealing, feature norm kept (A-Softmax)")]
public sealed record SphereFaceOptions : LossOptions
{
    [Description("factor m of the angle")]
    [Range(1.0, 10.0)]
    public double Margin { get; init; } = 4;

    [Description("lambda at iteration 0")]
    [Range(0.0, 1e9)]
    public double LambdaBase { get; init; } = 1000;

    [Description("how fast lambda falls: lambda = base (1 + gamma it)^(-power)")]
    [Range(0.0, 1e6)]
    public double LambdaGamma { get; init; } = 0.12;

    [Description("exponent of the fall")]
    [Range(0.0, 100.0)]
    public double LambdaPower { get; init; } = 1;

    [Description("floor of lambda; 5 leaves a sixth of the margin, 0 all of it")]
    [Range(0.0, 1e9)]
    public double LambdaMinimum { get; init; } = 5;

    protected override FaceLoss Create(LossShape shape) => new SphereFaceLoss(this, shape);
}

internal sealed class SphereFaceLoss : SoftmaxFamilyLoss
{
    private readonly SphereFaceOptions options;
    private readonly Tensor iteration; // forward passes, int64; on the device, so that no step waits for it

    public SphereFaceLoss(SphereFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        iteration = zeros(1, ScalarType.Int64);
        RegisterComponents(); // registers the counter as a buffer
    }

    protected internal override SoftmaxForm Form => new() { ScaledByNorm = true, Target = Annealed };

    /// <summary>Counts the pass.</summary>
    protected override void StartPass()
    {
        if (training) get_buffer(nameof(iteration))!.add_(1);
    }

    /// <summary>Replaces the target's cosine, with the margin of the step that was counted last.</summary>
    private Tensor Annealed(Tensor cosine)
    {
        var counter = get_buffer(nameof(iteration))!;
        var step = (counter + (PassesPerStep - 1)).div(PassesPerStep, RoundingMode.floor); // micro-batches of a step share its lambda
        var lambda = (1 + options.LambdaGamma * step.to(cosine.dtype)).pow(-options.LambdaPower)
            .mul(options.LambdaBase).clamp_min(options.LambdaMinimum);
        return (Angles.MonotoneMultiple(cosine, options.Margin) + lambda * cosine) / (1 + lambda);
    }
}
