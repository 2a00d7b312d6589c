using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Sums a term of each other identity's cosine, tile by tile, through libtorch. The terms do not depend on each other, so nothing of the
/// forward pass is needed by the backward pass but, with store, the products.
/// </summary>
internal sealed class TorchSum : IDenseKernel, IDisposable
{
    private readonly HeadProblem problem;
    private readonly TermSum reduction;
    private readonly TorchTiles tiles;
    private readonly Tensor inverse; // 1 x C
    private readonly Tensor nothing; // 1

    public TorchSum(HeadProblem problem, TermSum reduction, bool store)
    {
        (this.problem, this.reduction) = (problem, reduction);
        using var scope = NewDisposeScope();
        nothing = zeros(1, problem.Rows.dtype, problem.Rows.device).DetachFromDisposeScope();
        inverse = problem.InverseNorms()!.DetachFromDisposeScope();
        tiles = new TorchTiles(problem, problem.Rows, null, store);
    }

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var own = OwnClass.Products(problem);
        var sum = zeros_like(own);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var terms = reduction.Term.Terms(tiles.Products(first, count), inverse.narrow(1, first, count), reduction.Shift);
            OwnClass.Set(problem, terms, first, nothing);
            sum.add_(terms.sum(1));
        }

        return (sum.MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        using var gradient = new TileGradient(problem, inverse, others * reduction.Term.Factor, own, target);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var norms = inverse.narrow(1, first, count);
            var (byCosine, byShift) = reduction.Term.Slopes(tiles.Products(first, count), norms, reduction.Shift);
            if (byShift is not null && target.Shift is { } shift)
            {
                OwnClass.Set(problem, byShift, first, nothing);
                shift.add_(byShift.t().mv(others).sum());
            }

            gradient.Add(byCosine.mul_(norms), first);
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        inverse.Dispose();
        nothing.Dispose();
    }
}
