using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>Keeps a running top-k over tiles of cosines, through libtorch.</summary>
internal sealed class TorchNearest(HeadProblem problem, int k) : INearestKernel, IDisposable
{
    private readonly TorchTiles tiles = new(problem, store: false);
    private readonly Tensor minusInfinity = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(double.NegativeInfinity)
        .DetachFromDisposeScope();

    public (Tensor Cosines, Tensor Classes, Tensor Own) Find()
    {
        using var scope = NewDisposeScope();
        Tensor? best = null, classes = null; // B x k, classes of equal cosines in ascending order
        var poison = zeros_like(problem.Rows.select(1, 0));
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var cosines = tiles.Cosines(first, count, again: false);
            poison.add_(cosines.sum(1).mul_(0)); // NaN once a cosine is NaN, which no comparison would find
            tiles.SetOwn(cosines, first, minusInfinity.expand(problem.Batch));
            var indices = arange(first, first + count, ScalarType.Int64, problem.Rows.device).unsqueeze(0).expand(problem.Batch, count);
            var values = best is null ? cosines : cat([best, cosines], 1);
            var at = Largest(values, (int)Math.Min(k, values.shape[1]));
            var (before, beforeClasses) = (best, classes);
            best = values.gather(1, at).DetachFromDisposeScope();
            classes = (classes is null ? indices : cat([classes, indices], 1)).gather(1, at).DetachFromDisposeScope();
            before?.Dispose();
            beforeClasses?.Dispose();
        }

        var (sorted, order) = best!.sort(1, descending: true, stable: true);
        var own = tiles.Own().to(poison.dtype) + poison;
        var sortedClasses = classes!.gather(1, order);
        best.Dispose();
        classes.Dispose();
        return (sorted.MoveToOuterDisposeScope(), sortedClasses.MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        tiles.Dispose();
        minusInfinity.Dispose();
    }

    /// <summary>
    /// Returns the places of the k largest of each row in ascending order, B x k; of equal ones the first, which topk alone does not
    /// promise.
    /// </summary>
    private static Tensor Largest(Tensor values, int k)
    {
        using var scope = NewDisposeScope();
        var (largest, _) = values.topk(k, 1);
        var last = largest.narrow(1, k - 1, 1);              // B x 1
        var above = values > last;
        var vacant = k - above.sum(1, keepdim: true);
        var ties = values == last;
        var taken = above.logical_or(ties.logical_and(ties.cumsum(1) <= vacant));
        // exactly k places are taken; their negated places are distinct keys (float32 represents any place in a tile)
        var places = arange(values.shape[1], ScalarType.Float32, values.device).unsqueeze(0);
        var keys = where(taken, -places, full_like(places, double.NegativeInfinity));
        var (_, at) = keys.topk(k, 1);                       // descending keys: ascending places
        return at.MoveToOuterDisposeScope();
    }
}
