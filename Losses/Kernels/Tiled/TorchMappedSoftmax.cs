using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Computes log sum exp over the other identities where the loss replaces their cosines (CurricularFace). The map is the loss's own, with
/// as many passes as it has operations, and its derivative is autograd's over one tile.
/// </summary>
internal sealed class TorchMappedSoftmax : IDenseKernel, IDisposable
{
    private readonly HeadProblem problem;
    private readonly LogSumExp reduction;
    private readonly Func<Tensor, Tensor, Tensor> map;
    private readonly TorchTiles tiles;
    private readonly Tensor inverse, ownCosines; // 1 x C; B x 1
    private readonly Tensor own;                         // B
    private readonly Tensor minusInfinity;
    private Tensor? logSums;                             // B

    public TorchMappedSoftmax(HeadProblem problem, LogSumExp reduction, Func<Tensor, Tensor, Tensor> map, bool store)
    {
        (this.problem, this.reduction, this.map) = (problem, reduction, map);
        using var scope = NewDisposeScope();
        inverse = (problem.InverseNorms() ?? ones(1, problem.Classes, problem.Rows.dtype, problem.Rows.device))
            .DetachFromDisposeScope();
        own = OwnClass.Products(problem).DetachFromDisposeScope();
        ownCosines = own.to(problem.Rows.dtype, copy: true).unsqueeze_(1).DetachFromDisposeScope();
        minusInfinity = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(double.NegativeInfinity).DetachFromDisposeScope();
        tiles = new TorchTiles(problem, problem.Rows, null, store);
    }

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var sums = full_like(problem.Rows.select(1, 0), double.NegativeInfinity);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var logits = Logits(tiles.Cosines(first, count, inverse), first);
            OwnClass.Set(problem, logits, first, minusInfinity);
            sums.copy_(sums.logaddexp(logits.logsumexp(1)));
        }

        logSums = sums.DetachFromDisposeScope();
        var biased = reduction.Bias is { } bias ? own + bias.index_select(0, problem.Labels) : own.clone();
        return (sums.to(own.dtype, copy: true).MoveToOuterDisposeScope(), biased.MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        using var gradient = new TileGradient(problem, problem.Normalised ? inverse : null, reduction.Scaled(others), own, target);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var cosines = tiles.Cosines(first, count, inverse);
            var slopes = (Logits(cosines, first) - logSums!.unsqueeze(1)).exp_();
            gradient.Add(ThroughMap(cosines, slopes).mul_(inverse.narrow(1, first, count)), first);
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        foreach (var tensor in new[] { inverse, own, ownCosines, minusInfinity }) tensor.Dispose();
        logSums?.Dispose();
    }

    /// <summary>Returns a new tensor, B x T, so that kept cosines stay unchanged.</summary>
    private Tensor Logits(Tensor cosines, int first)
    {
        var logits = reduction.Scaled(map(cosines, ownCosines));
        return reduction.Bias is { } bias ? logits.add_(bias.narrow(0, first, cosines.shape[1])) : logits;
    }

    /// <summary>Backpropagates through the map of the cosines.</summary>
    private Tensor ThroughMap(Tensor cosines, Tensor gradient)
    {
        using var grad = enable_grad();
        var leaf = cosines.detach().alias().requires_grad_();
        map(leaf, ownCosines).backward([gradient]);
        return leaf.grad!;
    }
}
