using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// Computes the softmax family: the kernel reduces all other identities to B values; the margin and the rest of the loss are autograd over
/// B values, from the same <see cref="SoftmaxForm"/> as the straight formulation.
/// </summary>
internal sealed class SoftmaxPass : HeadPass
{
    private readonly ProxyGradient gradient;
    private readonly SoftmaxForm form;
    private readonly EmbeddingRows rows;
    private readonly ProxyView view;
    private readonly IDenseKernel kernel;
    private readonly Tensor others, own, graph, value; // leaves of the graph, B each; its mean; the same without a graph
    private readonly Tensor? norms;                    // a third leaf, where the loss depends on the norm
    private readonly Tensor? bias, scales;             // the kernel reads their memory until the pass is over

    public SoftmaxPass(ProxyGradient gradient, SoftmaxForm form, Tensor embeddings, ProxyView view, KernelFactory kernels)
    {
        (this.gradient, this.form, this.view, Choice) = (gradient, form, view, kernels.Choice);
        using var scope = NewDisposeScope();
        rows = new EmbeddingRows(embeddings, form.Normalised);
        using (no_grad())
        {
            var problem = new HeadProblem(rows.Values, view.Weights, view.Labels, form.Normalised);
            bias = view.Select(form.Bias)?.DetachFromDisposeScope();
            scales = form.RowScales(rows.Norms)?.DetachFromDisposeScope();
            kernel = kernels.Softmax(problem, new LogSumExp(form.Scale, scales, bias, form.Others));
            using (kernels.Precision()) (others, own) = kernel.Forward();
            var (watched, sums) = (own, others);
            form.Watch?.Invoke(new PassFacts(watched, rows.Norms, () => sums));
        }

        others = others.detach().requires_grad_().DetachFromDisposeScope();
        own = own.detach().requires_grad_().DetachFromDisposeScope();
        norms = form.NeedsNorms ? rows.Norms.detach().to(own.dtype).requires_grad_().DetachFromDisposeScope() : null;
        using var grad = enable_grad();
        graph = form.Loss(others, own, norms, kernel.HardMean).mean().DetachFromDisposeScope();
        value = graph.detach().to(embeddings.dtype).DetachFromDisposeScope();
        Precision = kernels.Precision;
    }

    public override Tensor Value => value;

    public override HeadChoice Choice { get; }

    private Func<IDisposable?> Precision { get; }

    public override void Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        (share == 1 ? graph : graph * share).backward();
        using var grad = no_grad();
        var dtype = rows.Values.dtype;
        var (byOthers, byOwn) = (others.grad!.to(dtype), own.grad!.to(dtype));
        var byRows = (Tensor?)null;
        using (Precision())
            view.Deliver(gradient, form.Bias, target => byRows = kernel.Backward(byOthers, byOwn, target).DetachFromDisposeScope());
        var byNorm = norms?.grad?.to(dtype); // null where the loss detaches it
        if (form.ScaledByNorm)
        {
            // sum over j != y of dL/dlogit_j c_j, the share of the norm in the other logits: what the rows' gradient has along the rows
            var along = (byRows! * rows.Values).sum(1) - byOwn * own.to(dtype);
            byNorm = along / rows.Norms.clamp_min(HeadProblem.SmallestNorm) + byNorm!;
        }

        rows.Backward(byRows!, byNorm);
        byRows!.Dispose();
    }

    private protected override void Release()
    {
        foreach (var tensor in new[] { others, own, graph, value }) tensor.Dispose();
        (kernel as IDisposable)?.Dispose();
        norms?.Dispose();
        bias?.Dispose();
        scales?.Dispose();
        rows.Dispose();
        view.Dispose();
    }
}
