using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>Computes the hinge against all other identities (the proxy triplet loss; NPT with k = all).</summary>
internal sealed class HingePass : HeadPass
{
    private readonly ProxyGradient gradient;
    private readonly HingeForm form;
    private readonly EmbeddingRows rows;
    private readonly ProxyView view;
    private readonly IDenseKernel kernel;
    private readonly Func<IDisposable?> precision;

    public HingePass(ProxyGradient gradient, HingeForm form, Tensor embeddings, ProxyView view, KernelFactory kernels)
    {
        (this.gradient, this.form, this.view, precision, Choice) = (gradient, form, view, kernels.Precision, kernels.Choice);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        rows = new EmbeddingRows(embeddings, normalised: true);
        kernel = kernels.Hinge(new HeadProblem(rows.Values, view.Weights, view.Labels, true), new HingeSum(form.Margin));
        using (precision())
        {
            var (sums, _) = kernel.Forward();
            Value = (sums.mean() * form.Factor).to(embeddings.dtype).DetachFromDisposeScope();
        }
    }

    public override Tensor Value { get; }

    public override HeadChoice Choice { get; }

    public override void Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var others = full_like(rows.Norms, form.Factor * share / rows.Norms.shape[0]);
        var byRows = (Tensor?)null;
        using (precision())
            view.Deliver(gradient, null, target => byRows = kernel.Backward(others, zeros_like(others), target).DetachFromDisposeScope());
        rows.Backward(byRows!, null);
        byRows!.Dispose();
    }

    private protected override void Release()
    {
        Value.Dispose();
        (kernel as IDisposable)?.Dispose();
        rows.Dispose();
        view.Dispose();
    }
}
