using System.ComponentModel;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>The two forms of AdaCos.</summary>
public enum AdaCosScale
{
    /// <summary>The scale follows the training.</summary>
    Dynamic,

    /// <summary>The scale stays at sqrt(2) ln(C - 1).</summary>
    Fixed,
}

/// <summary>
/// AdaCos: a softmax over cosines without a margin, whose scale comes from the data: first <c>sqrt(2) ln(C - 1)</c>, then
/// <c>ln(mean of the sums of exp(s c_j) over the others) / cos(min(pi / 4, median theta_y))</c> (Zhang et al., CVPR 2019).
/// </summary>
[Category("cross-entropy")]
[Description("softmax over cosines whose scale is computed from the data; nothing to tune")]
public sealed record AdaCosOptions : LossOptions
{
    [Description("scale: dynamic (it follows the training) or fixed")]
    public AdaCosScale Scale { get; init; } = AdaCosScale.Dynamic;

    protected override IEnumerable<string> OwnProblems(LossShape shape)
    {
        if (shape.Classes == 2) yield return "2 classes; the scale would be sqrt(2) ln(1) = 0, it needs at least 3 identities";
    }

    protected override FaceLoss Create(LossShape shape) => new AdaCosLoss(this, shape);
}

internal sealed class AdaCosLoss : SoftmaxFamilyLoss
{
    private readonly AdaCosOptions options;
    private readonly StepValues cosines = new(), sums = new(); // with the own proxies; logarithms of the sums over the others
    private readonly Tensor scale, next; // s, and s of the next step; on the device, so that no step waits for them

    public AdaCosLoss(AdaCosOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        var start = Math.Sqrt(2) * Math.Log(shape.Classes - 1);
        (scale, next) = (full(1, start, ScalarType.Float32), full(1, start, ScalarType.Float32));
        RegisterComponents(); // registers them as buffers, so that checkpoints hold s
    }

    public override IReadOnlyDictionary<string, Tensor> Followed =>
        new Dictionary<string, Tensor> { ["scale"] = get_buffer(nameof(scale))! };

    protected internal override SoftmaxForm Form => new()
    {
        MovingScale = get_buffer(nameof(scale))!,
        Watch = training && options.Scale == AdaCosScale.Dynamic ? Follow : null,
    };

    protected override void StartPass() => get_buffer(nameof(scale))!.copy_(get_buffer(nameof(next))!);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cosines.Dispose();
            sums.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Sets the scale of the next step from all images of this one, so that micro-batches share it. Published code sets it before the step
    /// uses it.
    /// </summary>
    private void Follow(PassFacts pass)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var others = sums.Add(pass.Others(), PassesPerStep);
        if (cosines.Add(pass.Own, PassesPerStep) is not { } own) return;
        var images = own.shape[0];
        var logarithm = others!.logsumexp(0) - Math.Log(images);
        // the lower of two middle angles, as torch's median takes it
        var median = own.sort(0, descending: true).Values.narrow(0, (images - 1) / 2, 1);
        var moved = logarithm / median.clamp_min(Math.Cos(Math.PI / 4)).to(logarithm.dtype);
        var s = get_buffer(nameof(next))!;
        s.copy_(moved.to(s.dtype));
    }
}
