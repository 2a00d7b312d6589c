using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Computes log sum exp over the other identities where the loss makes their logits by a formula of its own (CurricularFace, MV-Softmax).
/// The formula and its slope are the loss's, with as many passes as they have operations.
/// </summary>
internal sealed class TorchMappedSoftmax : IDenseKernel, IDisposable
{
    private readonly HeadProblem problem;
    private readonly OtherLogits map;
    private readonly TorchTiles tiles;
    private readonly Tensor inverse, ownCosines; // 1 x C; B x 1
    private readonly Tensor own;                 // B
    private readonly Tensor masked, none;        // 1 each: what stands for the own class, among logits and among hard cosines
    private readonly Tensor? shift;              // 1 x 1
    private Tensor? logSums;                     // B, without the offset, as precise as the products with the own class

    public TorchMappedSoftmax(HeadProblem problem, LogSumExp reduction, OtherLogits map, bool store)
    {
        if (!problem.Normalised || reduction.Bias is not null || reduction.RowScales is not null)
            throw new NotSupportedException("logits of the others by a formula of their own need cosines, one scale and no bias");
        (this.problem, this.map) = (problem, map);
        using var scope = NewDisposeScope();
        inverse = problem.InverseNorms()!.DetachFromDisposeScope();
        own = OwnClass.Products(problem).DetachFromDisposeScope();
        ownCosines = own.to(problem.Rows.dtype, copy: true).unsqueeze_(1).DetachFromDisposeScope();
        masked = One(TorchSoftmax.Least);
        none = One(OtherLogits.NoCosine + map.Shift);
        shift = map.Shift == 0 ? null : One(map.Shift);
        tiles = new TorchTiles(problem, problem.Rows, null, store);

        Tensor One(double value) => full([1, 1], value, problem.Rows.dtype, problem.Rows.device).DetachFromDisposeScope();
    }

    public Tensor? HardMean { get; private set; }

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var sums = full_like(own, double.NegativeInfinity);
        var (hardSums, hardCounts) = (zeros_like(ownCosines).squeeze(1), zeros_like(ownCosines).squeeze(1));
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var cosines = Cosines(first, count);
            var hard = map.Hard(cosines, ownCosines);
            if (map.AveragesHard)
            {
                var (sum, number) = OtherLogits.HardSums(cosines, hard!);
                hardSums.add_(sum);
                hardCounts.add_(number);
            }

            var logits = map.Values(cosines, hard);
            OwnClass.Set(problem, logits, first, masked);
            sums.copy_(sums.logaddexp(TorchSoftmax.LogSum(logits, sums.dtype)));
        }

        logSums = sums.DetachFromDisposeScope();
        if (map.AveragesHard) HardMean = map.HardMean(hardSums, hardCounts).to(own.dtype).DetachFromDisposeScope();
        return ((sums + map.Offset).MoveToOuterDisposeScope(), own.clone().MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        var rounded = logSums!.to(problem.Rows.dtype);                      // B
        var rounding = (rounded - logSums!).exp().to(problem.Rows.dtype);   // near 1
        using var gradient = new TileGradient(problem, inverse, others * rounding, own, target);
        var column = rounded.neg().unsqueeze(1);                            // B x 1
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var cosines = Cosines(first, count);
            var (exponents, slopes) = map.WithSlopes(cosines, map.Hard(cosines, ownCosines), column);
            gradient.Add(exponents.exp_().mul_(slopes).mul_(inverse.narrow(1, first, count)), first);
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        foreach (var tensor in new[] { inverse, own, ownCosines, masked, none, shift, logSums, HardMean }) tensor?.Dispose();
    }

    /// <summary>Shifted cosines, B x T. The own ones among them are used nowhere, and replaced where the hard ones are averaged.</summary>
    private Tensor Cosines(int first, int count)
    {
        var cosines = tiles.Cosines(first, count, inverse, shift);
        if (map.AveragesHard) OwnClass.Set(problem, cosines, first, none);
        return cosines;
    }
}
