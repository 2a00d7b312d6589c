using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Takes the k largest cosines of each tile, and of those the k largest, through libtorch. One pass makes cosines of products, and topk
/// reads them. NaN needs no pass: topk holds it for the largest value.
/// </summary>
internal sealed class TorchNearest : INearestKernel, IDisposable
{
    private readonly HeadProblem problem;
    private readonly int k;
    private readonly bool exact; // which of equal cosines topk takes is not defined, and finding out takes further passes
    private readonly TorchTiles tiles;
    private readonly Tensor inverse;       // 1 x C
    private readonly Tensor minusInfinity; // 1

    public TorchNearest(HeadProblem problem, int k)
    {
        (this.problem, this.k, exact) = (problem, k, CpuPath.IsTaken(problem.Rows));
        using var scope = NewDisposeScope();
        inverse = problem.InverseNorms()!.DetachFromDisposeScope();
        minusInfinity = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(double.NegativeInfinity).DetachFromDisposeScope();
        tiles = new TorchTiles(problem, problem.Rows, null, store: false);
    }

    public (Tensor Cosines, Tensor Classes, Tensor Own) Find()
    {
        using var scope = NewDisposeScope();
        var (found, classes) = (new List<Tensor>(), new List<Tensor>()); // B x k each, classes in ascending order
        var poison = zeros_like(problem.Rows.select(1, 0));
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var cosines = tiles.Cosines(first, count, inverse);
            if (exact) cosines.clamp_(-1, 1);
            OwnClass.Set(problem, cosines, first, minusInfinity);
            var (largest, places) = cosines.topk((int)Math.Min(k, count), 1);
            poison.add_(largest.select(1, 0).clamp_min(-1).mul_(0)); // NaN once a cosine is NaN, which no comparison would find
            var at = exact ? First(cosines, largest) : places.sort(1).Values;
            found.Add(cosines.gather(1, at).MoveToOuterDisposeScope());
            classes.Add(at.add_(first).MoveToOuterDisposeScope());
        }

        // stable: of equal cosines the lowest class
        var (sorted, order) = cat([.. found], 1).sort(1, descending: true, stable: true);
        var nearest = sorted.narrow(1, 0, k).clamp(-1, 1);
        var own = OwnClass.Products(problem).to(poison.dtype) + poison;
        var sortedClasses = cat([.. classes], 1).gather(1, order.narrow(1, 0, k));
        return (nearest.MoveToOuterDisposeScope(), sortedClasses.MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        tiles.Dispose();
        inverse.Dispose();
        minusInfinity.Dispose();
    }

    /// <summary>Returns the places of the k largest of each row in ascending order, B x k; of equal ones the first.</summary>
    /// <param name="largest">Those values, B x k, descending.</param>
    private static Tensor First(Tensor values, Tensor largest)
    {
        using var scope = NewDisposeScope();
        var k = (int)largest.shape[1];
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
