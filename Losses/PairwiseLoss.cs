using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// A loss in which every identity decides alone. It states its terms once, in <see cref="Form"/>; the formulation over B x C under
/// autograd and the kernels come from there.
/// </summary>
public abstract class PairwiseLoss(LossOptions options, LossShape shape) : FaceLoss(options, shape)
{
    /// <summary>What the own identity and the others add.</summary>
    protected internal abstract override SumForm Form { get; }

    protected sealed override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var form = Form;
        return form.Loss(Cosines(embeddings), labels.unsqueeze(1), form.Shift?.to(embeddings.dtype)).mean().MoveToOuterDisposeScope();
    }
}
