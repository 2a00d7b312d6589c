using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// Computes the pairwise family: the kernel sums the terms of the other identities; the own identity's part is autograd over B values, from
/// the same <see cref="SumForm"/> as the straight formulation.
/// </summary>
internal sealed class SumPass : HeadPass
{
    private readonly ProxyGradient? gradient;
    private readonly SumForm form;
    private readonly EmbeddingRows rows;
    private readonly ProxyView view;
    private readonly IDenseKernel kernel;
    private readonly Func<IDisposable?> precision;
    private readonly Tensor others, own, graph; // leaves of the graph, B each; the mean loss
    private readonly Tensor? shift;             // the kernel reads its memory until the pass is over

    /// <param name="gradient">Null where the proxies are constant.</param>
    /// <param name="counts">B: factors of the samples' losses; null for ones.</param>
    public SumPass(ProxyGradient? gradient, SumForm form, Tensor embeddings, ProxyView view, KernelFactory kernels, Tensor? counts = null)
    {
        (this.gradient, this.form, this.view, precision, Choice) = (gradient, form, view, kernels.Precision, kernels.Choice);
        using var scope = NewDisposeScope();
        rows = new EmbeddingRows(embeddings, normalised: true);
        using (no_grad())
        {
            shift = form.Shift?.detach().to(rows.Values.dtype, copy: true).DetachFromDisposeScope();
            kernel = kernels.Sum(new HeadProblem(rows.Values, view.Weights, view.Labels, true), new TermSum(form.Term, shift));
            using (precision()) (others, own) = kernel.Forward();
        }

        others = others.detach().requires_grad_().DetachFromDisposeScope();
        own = own.detach().requires_grad_().DetachFromDisposeScope();
        using var grad = enable_grad();
        var losses = form.Loss(others, own);
        graph = (counts is null ? losses : losses * counts.to(losses.dtype)).mean().DetachFromDisposeScope();
        Value = graph.detach().to(embeddings.dtype).DetachFromDisposeScope();
    }

    public override Tensor Value { get; }

    public override HeadChoice Choice { get; }

    public override void Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        (share == 1 ? graph : graph * share).backward(); // leaves the own part's gradient of the shift where it belongs
        using var grad = no_grad();
        var dtype = rows.Values.dtype;
        var (byOthers, byOwn) = (others.grad!.to(dtype), own.grad!.to(dtype));
        var byShift = shift is null ? null : zeros_like(shift);
        var byRows = (Tensor?)null;
        using (precision())
        {
            if (gradient is null) Send(new GradientTarget(null, false));
            else view.Deliver(gradient, null, Send);
        }

        if (form.Shift is { } trained)
        {
            if (trained.grad is null) trained.grad = zeros_like(trained.detach()).DetachFromDisposeScope();
            trained.grad!.add_(byShift!.to(trained.dtype));
        }

        rows.Backward(byRows!, null);
        byRows!.Dispose();

        void Send(GradientTarget target) =>
            byRows = kernel.Backward(byOthers, byOwn, target with { Shift = byShift }).DetachFromDisposeScope();
    }

    private protected override void Release()
    {
        foreach (var tensor in new[] { others, own, graph, Value }) tensor.Dispose();
        (kernel as IDisposable)?.Dispose();
        shift?.Dispose();
        rows.Dispose();
        view.Dispose();
    }
}
