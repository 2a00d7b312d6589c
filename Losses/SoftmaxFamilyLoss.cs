using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// A loss of the softmax family. It states its logits once, in <see cref="Form"/>; the formulation over B x C under autograd, the kernels
/// and the measured logits all come from there.
/// </summary>
public abstract class SoftmaxFamilyLoss(LossOptions options, LossShape shape, int centers = 1) : FaceLoss(options, shape, centers)
{
    /// <summary>The target's logit and what happens to the others.</summary>
    protected internal abstract override SoftmaxForm Form { get; }

    /// <inheritdoc/>
    public sealed override HeadLogits Logits(Tensor embeddings, Tensor cosines, Tensor labels)
    {
        var form = Form;
        var column = labels.unsqueeze(1); // B x 1
        var norms = Norms(form, embeddings);
        var logits = form.Logits(form.Normalised ? cosines : PlainProducts(form, embeddings), column, norms);
        return new HeadLogits(form.SumsOwn ? logits : SoftmaxForm.WithoutOwn(logits, column),
            form.RowScales(norms?.squeeze(1) ?? cosines.select(1, 0)) ?? full_like(cosines.select(1, 0), form.Scale),
            form.SumsOwn ? Shape.Classes : Shape.Classes - 1);
    }

    protected sealed override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var form = Form;
        var column = labels.unsqueeze(1);                                                       // B x 1
        var products = form.Normalised ? Cosines(embeddings) : PlainProducts(form, embeddings); // B x C
        if (form.ZeroCosine != 0) products = products - form.ZeroCosine;
        var norms = Norms(form, embeddings);
        var logits = form.Logits(products, column, norms);
        form.Watch?.Invoke(new PassFacts(products.detach().gather(1, column).squeeze(1), embeddings.detach().norm(1, p: 2),
            () => SoftmaxForm.WithoutOwn(logits.detach(), column).logsumexp(1)));
        return form.MeanLoss(logits, column, norms).MoveToOuterDisposeScope();
    }

    /// <summary>x.w + b, B x C.</summary>
    private Tensor PlainProducts(SoftmaxForm form, Tensor embeddings) =>
        nn.functional.linear(embeddings, proxies.to(embeddings.dtype), form.Bias?.to(embeddings.dtype));

    /// <summary>B x 1; null where the logits do not depend on it.</summary>
    private static Tensor? Norms(SoftmaxForm form, Tensor embeddings) => form.NeedsNorms ? embeddings.norm(1, keepdim: true, p: 2) : null;
}
