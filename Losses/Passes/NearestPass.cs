using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// Computes NPT: one product finds the k nearest, and only B (k + 1) proxies have a gradient. It is passed on as touched rows, unless there
/// would be more rows than proxies and the optimiser moves all proxies anyway.
/// </summary>
internal sealed class NearestPass : HeadPass
{
    private const long LargestPiece = 1 << 22; // values gathered at once for a dense gradient

    private readonly ProxyGradient gradient;
    private readonly bool lazy;
    private readonly EmbeddingRows rows;
    private readonly ProxyView view;
    private readonly Tensor classes, weights; // B x (k + 1) with the own class last; dL/dcosine

    /// <param name="lazy">Whether the optimiser moves only the rows that have a gradient.</param>
    public NearestPass(ProxyGradient gradient, HingeForm form, Tensor embeddings, ProxyView view, KernelFactory kernels, bool lazy)
    {
        (this.gradient, this.lazy, this.view, Choice) = (gradient, lazy, view, kernels.Choice);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        rows = new EmbeddingRows(embeddings, normalised: true);
        var kernel = kernels.Nearest(new HeadProblem(rows.Values, view.Weights, view.Labels, true), form.Negatives.Value);
        using (kernels.Precision())
        {
            var (nearest, found, own) = kernel.Find();
            own = own.unsqueeze(1);                                                 // B x 1
            var hinges = (nearest - own + form.Margin).relu();                      // B x k; its derivative at 0 is 0
            Value = ((hinges.sum(1) + 0 * own.squeeze(1)).mean() * form.Factor).DetachFromDisposeScope(); // 0 * NaN is NaN
            var active = hinges.gt(0).to(nearest.dtype);
            weights = (cat([active, -active.sum(1, keepdim: true)], 1) * (form.Factor / rows.Norms.shape[0])).DetachFromDisposeScope();
            classes = cat([found, view.Labels.unsqueeze(1)], 1).DetachFromDisposeScope();
        }

        (kernel as IDisposable)?.Dispose();
    }

    public override Tensor Value { get; }

    public override HeadChoice Choice { get; }

    public override void Backward(double share = 1)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (batch, width, dimension) = (classes.shape[0], classes.shape[1], rows.Values.shape[1]);
        var byRows = zeros_like(rows.Values);
        // under Partial FC and the lazy update it matters which rows have a gradient, not only how many
        var sparse = batch * width < view.Weights.shape[0] || view.Classes is not null || lazy;
        if (sparse) gradient.Add(Part(0, batch));
        else
        {
            view.Deliver(gradient, null, target =>
            {
                var into = target.Proxies!;
                if (!target.Add) into.zero_();
                var piece = Math.Max(1, LargestPiece / (width * dimension));
                for (long first = 0; first < batch; first += piece)
                {
                    using var inner = NewDisposeScope();
                    var part = Part(first, Math.Min(piece, batch - first), ofView: true);
                    into.index_add_(0, part.Classes, part.Values, 1);
                }
            });
        }

        rows.Backward(byRows, null);

        SparseRows Part(long first, long count, bool ofView = false)
        {
            using var inner = NewDisposeScope();
            var at = classes.narrow(0, first, count).reshape(-1);                                      // n (k + 1)
            var proxies = view.Weights.index_select(0, at).view(count, width, dimension);
            var norms = proxies.norm(2, keepdim: true, p: 2);                                          // n x (k + 1) x 1
            var bounded = norms.clamp_min(HeadProblem.SmallestNorm);
            proxies.div_(bounded);
            var row = rows.Values.narrow(0, first, count).unsqueeze(1);                                // n x 1 x D
            var weight = (weights.narrow(0, first, count) * share).unsqueeze(2);                       // n x (k + 1) x 1
            byRows.narrow(0, first, count).copy_((proxies * weight).sum(1));
            // d cosine / d proxy = (row - cosine proxy) / norm; a norm that was clamped has no direction to take off
            var cosines = (row * proxies).sum(2, keepdim: true) * norms.ge(HeadProblem.SmallestNorm).to(norms.dtype);
            var values = (row - proxies * cosines).mul_(weight / bounded);
            var identities = ofView || view.Classes is null ? at : view.Classes.index_select(0, at);
            return new SparseRows(identities.clone().MoveToOuterDisposeScope(), values.view(-1, dimension).MoveToOuterDisposeScope());
        }
    }

    private protected override void Release()
    {
        foreach (var tensor in new[] { Value, classes, weights }) tensor.Dispose();
        rows.Dispose();
        view.Dispose();
    }
}
