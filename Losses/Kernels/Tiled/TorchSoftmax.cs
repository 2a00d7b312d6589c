using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>Computes log sum exp over the other identities, tile by tile, through libtorch.</summary>
internal sealed class TorchSoftmax(HeadProblem problem, LogSumExp reduction, bool store) : IDenseKernel, IDisposable
{
    private readonly TorchTiles tiles = new(problem, store);
    private readonly Tensor minusInfinity = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(double.NegativeInfinity)
        .DetachFromDisposeScope();
    private Tensor? logSums; // B
    private Tensor? ownCosines; // B x 1, for the map

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var own = tiles.Own();
        if (reduction.Map is not null) ownCosines = own.to(problem.Rows.dtype, copy: true).unsqueeze_(1).DetachFromDisposeScope();
        var sums = full_like(problem.Rows.select(1, 0), double.NegativeInfinity);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var logits = Logits(tiles.Cosines(first, count, again: false), first);
            tiles.SetOwn(logits, first, minusInfinity.expand(problem.Batch));
            sums.copy_(sums.logaddexp(logits.logsumexp(1)));
        }

        logSums = sums.DetachFromDisposeScope();
        if (reduction.Bias is { } bias) own = own + bias.index_select(0, problem.Labels);
        return (sums.to(own.dtype, copy: true).MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        var rows = zeros_like(problem.Rows);
        var factors = (others * (reduction.RowScales ?? reduction.Scale)).unsqueeze(1); // B x 1
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var cosines = tiles.Cosines(first, count, again: true);
            var weights = (Logits(cosines, first) - logSums!.unsqueeze(1)).exp_().mul_(factors);
            if (reduction.Map is { } map) weights = ThroughMap(map, cosines, weights);
            tiles.SetOwn(weights, first, own);
            tiles.AddGradient(weights, first, rows, target);
        }

        return rows.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        minusInfinity.Dispose();
        logSums?.Dispose();
        ownCosines?.Dispose();
    }

    /// <summary>Returns a new tensor, B x T, so that stored cosines stay unchanged.</summary>
    private Tensor Logits(Tensor cosines, int first)
    {
        var mapped = reduction.Map is { } map ? map(cosines, ownCosines!) : cosines;
        var logits = mapped * (reduction.RowScales?.unsqueeze(1) ?? reduction.Scale);
        return reduction.Bias is { } bias ? logits.add_(bias.narrow(0, first, cosines.shape[1])) : logits;
    }

    /// <summary>Backpropagates through the map of the cosines, by autograd over one tile.</summary>
    private Tensor ThroughMap(Func<Tensor, Tensor, Tensor> map, Tensor cosines, Tensor gradient)
    {
        using var grad = enable_grad();
        var leaf = cosines.detach().clone().requires_grad_();
        map(leaf, ownCosines!).backward([gradient]);
        return leaf.grad!;
    }
}
