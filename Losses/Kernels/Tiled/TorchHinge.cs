using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>Sums max(0, c_j - c_y + m) over all other identities, tile by tile, through libtorch.</summary>
internal sealed class TorchHinge(HeadProblem problem, HingeSum reduction, bool store) : IDenseKernel, IDisposable
{
    private readonly TorchTiles tiles = new(problem, store);
    private readonly Tensor nothing = zeros(1, problem.Rows.dtype, problem.Rows.device).DetachFromDisposeScope();
    private Tensor? threshold, count; // B x 1; B

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var own = tiles.Own();
        threshold = (own - reduction.Margin).to(problem.Rows.dtype).unsqueeze(1).DetachFromDisposeScope();
        count = zeros_like(problem.Rows.select(1, 0)).DetachFromDisposeScope();
        var sum = zeros_like(count);
        foreach (var (first, length) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var hinges = Hinges(first, length, again: false);
            sum.add_(hinges.sum(1));
            count.add_(hinges.gt(0).sum(1));
        }

        return (sum.MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        var rows = zeros_like(problem.Rows);
        var ownGradient = own - others * count!;
        foreach (var (first, length) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var weights = Hinges(first, length, again: true).gt(0).to(problem.Rows.dtype).mul_(others.unsqueeze(1));
            tiles.SetOwn(weights, first, ownGradient);
            tiles.AddGradient(weights, first, rows, target);
        }

        return rows.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        nothing.Dispose();
        threshold?.Dispose();
        count?.Dispose();
    }

    private Tensor Hinges(int first, int length, bool again)
    {
        var hinges = (tiles.Cosines(first, length, again) - threshold!).relu_();
        tiles.SetOwn(hinges, first, nothing.expand(problem.Batch));
        return hinges;
    }
}
