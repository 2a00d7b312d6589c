using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>Sums max(0, c_j - c_y + m) over all other identities, tile by tile, through libtorch.</summary>
internal sealed class TorchHinge : IDenseKernel, IDisposable
{
    private readonly HeadProblem problem;
    private readonly TorchTiles tiles;
    private readonly Tensor inverse;     // 1 x C
    private readonly Tensor own;         // B
    private readonly Tensor offsets;     // B x 1: m - c_y
    private readonly Tensor nothing;     // 1
    private Tensor? count;               // B

    public TorchHinge(HeadProblem problem, HingeSum reduction, bool store)
    {
        this.problem = problem;
        using var scope = NewDisposeScope();
        nothing = zeros(1, problem.Rows.dtype, problem.Rows.device).DetachFromDisposeScope();
        inverse = problem.InverseNorms()!.DetachFromDisposeScope();
        own = OwnClass.Products(problem).DetachFromDisposeScope();
        offsets = (reduction.Margin - own).to(problem.Rows.dtype).unsqueeze(1).DetachFromDisposeScope();
        tiles = new TorchTiles(problem, problem.Rows, null, store);
    }

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        count = zeros_like(problem.Rows.select(1, 0)).DetachFromDisposeScope();
        var sum = zeros_like(count);
        foreach (var (first, length) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var hinges = Differences(first, length).relu_();
            OwnClass.Set(problem, hinges, first, nothing);
            sum.add_(hinges.sum(1));
            count.add_(hinges.norm(1, p: 0)); // how many are not 0
        }

        return (sum.MoveToOuterDisposeScope(), own.clone().MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        using var gradient = new TileGradient(problem, inverse, others, own - others * count!, target);
        foreach (var (first, length) in tiles.All())
        {
            using var inner = NewDisposeScope();
            gradient.Add(Differences(first, length).gt_(0).mul_(inverse.narrow(1, first, length)), first);
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        foreach (var tensor in new[] { inverse, own, offsets, nothing }) tensor.Dispose();
        count?.Dispose();
    }

    /// <summary>c_j - c_y + m, a new tensor, B x T.</summary>
    private Tensor Differences(int first, int length) =>
        offsets.addcmul(tiles.Products(first, length), inverse.narrow(1, first, length), 1);
}
