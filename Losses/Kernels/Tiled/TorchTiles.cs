using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Computes tiles of cosines (or plain products) through libtorch, on any device and in either precision: for GPUs, and for processors
/// without the vectors. Nothing here waits for the device.
/// </summary>
internal sealed class TorchTiles : IDisposable
{
    private readonly Tensor inverseNorms; // 1 x C; ones where products are not normalised
    private readonly Tensor buffer;       // B x tile, or B x C where all products are kept
    private readonly bool store;

    public TorchTiles(HeadProblem problem, bool store)
    {
        using var scope = NewDisposeScope();
        Problem = problem;
        this.store = store;
        // a GPU needs larger pieces to be busy
        Tile = Math.Min(problem.Classes, CpuPath.IsTaken(problem.Rows) ? 4096 : 16384);
        inverseNorms = problem.Normalised
            ? problem.Proxies.norm(1, p: 2).clamp_min(HeadProblem.SmallestNorm).reciprocal().unsqueeze(0).DetachFromDisposeScope()
            : ones(1, problem.Classes, problem.Rows.dtype, problem.Rows.device).DetachFromDisposeScope();
        buffer = empty(problem.Batch, store ? problem.Classes : Tile, problem.Rows.dtype, problem.Rows.device).DetachFromDisposeScope();
    }

    public HeadProblem Problem { get; }

    /// <summary>Classes per tile, at most.</summary>
    public int Tile { get; }

    /// <summary>First class and number of classes of each tile.</summary>
    public IEnumerable<(int First, int Count)> All()
    {
        for (var first = 0; first < Problem.Classes; first += Tile) yield return (first, Math.Min(Tile, Problem.Classes - first));
    }

    /// <summary>Returns a tile's cosines, B x T: the stored ones, which must not be changed, or new ones, which may.</summary>
    public Tensor Cosines(int first, int count, bool again)
    {
        var cosines = store ? buffer.narrow(1, first, count) : buffer.narrow(1, 0, count);
        if (store && again) return cosines;
        using var scope = NewDisposeScope();
        cosines.addmm_(Problem.Rows, Problem.Proxies.narrow(0, first, count).t(), 0, 1);
        if (Problem.Normalised) cosines.mul_(inverseNorms.narrow(1, first, count)).clamp_(-1, 1);
        return cosines;
    }

    /// <summary>Computes the products with the own proxies, B; in float64 on a CPU, since a margin's slope needs 1 - c^2.</summary>
    public Tensor Own()
    {
        using var scope = NewDisposeScope();
        var dtype = CpuPath.IsTaken(Problem.Rows) ? ScalarType.Float64 : Problem.Rows.dtype;
        var rows = Problem.Rows.to(dtype);
        var proxies = Problem.Proxies.index_select(0, Problem.Labels).to(dtype);
        var own = (rows * proxies).sum(1);
        if (!Problem.Normalised) return own.MoveToOuterDisposeScope();
        var norms = rows.norm(1, p: 2).clamp_min(HeadProblem.SmallestNorm) * proxies.norm(1, p: 2).clamp_min(HeadProblem.SmallestNorm);
        return (own / norms).clamp(-1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Overwrites the entries of the samples' own classes, where they lie in the tile, with one value per sample.
    /// </summary>
    public void SetOwn(Tensor values, int first, Tensor own)
    {
        using var scope = NewDisposeScope();
        var count = values.shape[1];
        var at = (Problem.Labels - first).unsqueeze(1);            // B x 1
        var inside = at.ge(0).logical_and(at.lt(count));
        var column = at.clamp(0, count - 1);
        values.scatter_(1, column, where(inside, own.view(-1, 1), values.gather(1, column)));
    }

    /// <summary>Adds a tile's part to the gradients. <paramref name="weights"/> is dL/dcosine, B x T, and is overwritten.</summary>
    /// <param name="rows">Gradient of the rows, B x D.</param>
    public void AddGradient(Tensor weights, int first, Tensor rows, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        var count = weights.shape[1];
        var proxies = Problem.Proxies.narrow(0, first, count);
        target.Bias?.narrow(0, first, count).add_(weights.sum([0L]));
        var inverse = inverseNorms.narrow(1, first, count);
        if (Problem.Normalised) weights.mul_(inverse);
        rows.addmm_(weights, proxies, 1, 1);
        var gradient = weights.t().matmul(Problem.Rows);            // T x D
        if (Problem.Normalised)
        {
            var column = inverse.view(-1, 1);
            var counts = column.lt(1 / HeadProblem.SmallestNorm).to(gradient.dtype); // a clamped norm has no direction to take off
            gradient.sub_(proxies * ((gradient * proxies).sum(1, keepdim: true) * column * column * counts));
        }

        var into = target.Proxies.narrow(0, first, count);
        if (target.Add) into.add_(gradient);
        else into.copy_(gradient);
    }

    public void Dispose()
    {
        inverseNorms.Dispose();
        buffer.Dispose();
    }
}
