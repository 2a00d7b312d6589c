using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>Computes Proxy-Anchor: its sums are over the batch, so each tile of proxies is complete in itself.</summary>
internal sealed class AnchorPass : HeadPass
{
    private readonly ProxyGradient gradient;
    private readonly EmbeddingRows rows;
    private readonly ProxyView view;
    private readonly IAnchorKernel kernel;
    private readonly Func<IDisposable?> precision;
    private readonly Tensor own, graph; // a leaf of the graph, B; the mean over the proxies that have samples

    public AnchorPass(ProxyGradient gradient, AnchorForm form, Tensor embeddings, ProxyView view, KernelFactory kernels)
    {
        (this.gradient, this.view, precision, Choice) = (gradient, view, kernels.Precision, kernels.Choice);
        using var scope = NewDisposeScope();
        rows = new EmbeddingRows(embeddings, normalised: true);
        Tensor negatives;
        using (no_grad())
        {
            kernel = kernels.Anchors(new HeadProblem(rows.Values, view.Weights, view.Labels, true), form);
            using (precision()) (negatives, own) = kernel.Forward();
        }

        own = own.detach().requires_grad_().DetachFromDisposeScope();
        using var grad = enable_grad();
        graph = form.Positives(own, view.Labels).DetachFromDisposeScope();
        Value = (graph.detach() + negatives).to(embeddings.dtype).DetachFromDisposeScope();
    }

    public override Tensor Value { get; }

    public override HeadChoice Choice { get; }

    public override void Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        (share == 1 ? graph : graph * share).backward();
        using var grad = no_grad();
        var byOwn = own.grad!.to(rows.Values.dtype);
        var byRows = (Tensor?)null;
        using (precision())
            view.Deliver(gradient, null, target => byRows = kernel.Backward(share, byOwn, target).DetachFromDisposeScope());
        rows.Backward(byRows!, null);
        byRows!.Dispose();
    }

    private protected override void Release()
    {
        foreach (var tensor in new[] { own, graph, Value }) tensor.Dispose();
        (kernel as IDisposable)?.Dispose();
        rows.Dispose();
        view.Dispose();
    }
}
