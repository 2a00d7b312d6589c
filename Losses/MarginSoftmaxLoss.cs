using System.Reflection;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// Cross-entropy over scaled cosines whose target cosine carries a margin: logits <c>s c_j</c>, and <c>s t(c_y)</c> for the
/// target. ArcFace, CosFace and their relatives differ in t alone.
/// </summary>
public abstract class MarginSoftmaxLoss(LossOptions options, LossShape shape, double scale) : FaceLoss(options, shape)
{
    /// <summary>The same logits for a kernel: margin and derivative come from <see cref="TargetCosine"/>.</summary>
    protected internal sealed override HeadForm Form =>
        new SoftmaxForm((others, own, _) => Weighed(others.AboveTarget(TargetCosine(own) * scale)))
        {
            Scale = scale,
            Map = OthersAreCosines ? null : (cosines, _) => Others(cosines),
        };

    protected sealed override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return Weighed(nn.functional.cross_entropy(Scaled(Cosines(embeddings), labels), labels)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public sealed override HeadLogits Logits(Tensor embeddings, Tensor cosines, Tensor labels) =>
        new(Scaled(cosines, labels), full_like(cosines.select(1, 0), scale), Shape.Classes);

    /// <summary>t(c_y): what stands in for the target's cosine, elementwise.</summary>
    protected abstract Tensor TargetCosine(Tensor cosine);

    /// <summary>What stands in for the other identities' cosines, B x C; the cosines themselves but for SphereFace-R v2.</summary>
    protected virtual Tensor Others(Tensor cosines) => cosines;

    /// <summary>Factor of the whole loss; 1 but for SphereFace-R with a weight of its own.</summary>
    protected virtual double Weight => 1;

    private Tensor Weighed(Tensor value) => Weight == 1 ? value : value * Weight;

    /// <summary>The logits, B x C.</summary>
    private Tensor Scaled(Tensor cosines, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var column = labels.unsqueeze(1);                     // B x 1
        var target = TargetCosine(cosines.gather(1, column)); // B x 1
        return Others(cosines).scatter(1, column, target).mul(scale).MoveToOuterDisposeScope();
    }

    /// <summary>Whether <see cref="Others"/> returns what it is given; a kernel maps every cosine where not, which costs.</summary>
    protected virtual bool OthersAreCosines =>
        GetType().GetMethod(nameof(Others), BindingFlags.Instance | BindingFlags.NonPublic)!.DeclaringType == typeof(MarginSoftmaxLoss);
}
