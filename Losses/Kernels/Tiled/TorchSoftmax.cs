using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Computes log sum exp over the other identities, tile by tile, through libtorch. A tile is large, and on a present GPU each pass over it
/// costs as much as its product. So the scale is part of the rows, and dividing by the norms |w_j| is joined with what follows. The product
/// is p = s x.w_j + |w_j| ln(1/|w_j|); then
/// <list type="bullet">
/// <item>p / |w_j| - ln(1/|w_j|) is the logit z, one pass;</item>
/// <item>exp(p / |w_j| - L) is exp(z - L) / |w_j|, two passes: the weight of proxy and row in the gradient, if L is the log of the sum.
/// </item>
/// </list>
/// </summary>
internal sealed class TorchSoftmax : IDenseKernel, IDisposable
{
    public const double SafeScale = 64; // needs no shift: e^64 times 2^30 identities is a float32, and e^-64 has all its digits
    private const int Looked = 64;       // columns in which a large logit is looked for
    internal const double Least = -1e30;  // for minus infinity, with which a tile of nothing but one's own class would be NaN

    private readonly HeadProblem problem;
    private readonly LogSumExp reduction;
    private readonly bool shifted;
    private readonly TorchTiles tiles;
    private readonly Tensor? inverse, logInverse; // 1 x C: 1/|w|, ln(1/|w|); null where products are not cosines
    private readonly Tensor masked;               // 1: what stands for the own class in a tile
    private Tensor? logSums;                      // B, as precise as the products with the own class

    public TorchSoftmax(HeadProblem problem, LogSumExp reduction, bool store)
    {
        (this.problem, this.reduction) = (problem, reduction);
        using var scope = NewDisposeScope();
        shifted = !problem.Normalised || reduction.RowScales is not null || reduction.Scale > SafeScale;
        masked = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(shifted ? Least : 0).DetachFromDisposeScope();
        inverse = problem.InverseNorms()?.DetachFromDisposeScope();
        logInverse = inverse?.log().DetachFromDisposeScope();
        var bias = inverse is null ? reduction.Bias : (logInverse! / inverse).squeeze(0);
        tiles = new TorchTiles(problem, reduction.Scaled(problem.Rows), bias, store);
    }

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var own = OwnClass.Products(problem);
        var sums = full_like(own, shifted ? double.NegativeInfinity : 0);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var logits = Logits(first, count);
            if (!shifted) logits.exp_();
            OwnClass.Set(problem, logits, first, masked);
            if (shifted) sums.copy_(sums.logaddexp(LogSum(logits, sums.dtype)));
            else sums.add_(logits.sum(1));
        }

        logSums = (shifted ? sums : sums.log()).DetachFromDisposeScope();
        if (reduction.Bias is { } bias) own = own + bias.index_select(0, problem.Labels);
        return (logSums.clone().MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        var shift = logSums!.to(problem.Rows.dtype);                                      // B
        var rounding = (shift - logSums!).exp().to(problem.Rows.dtype);                   // near 1
        using var gradient = new TileGradient(problem, inverse, reduction.Scaled(others) * rounding, own, target);
        var column = shift.neg().unsqueeze(1);                                            // B x 1
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var products = tiles.Products(first, count);
            var exponents = inverse is null ? products.add_(column) : column.addcmul(products, inverse.narrow(1, first, count), 1);
            gradient.Add(exponents.exp_(), first);
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        masked.Dispose();
        inverse?.Dispose();
        logInverse?.Dispose();
        logSums?.Dispose();
    }

    /// <summary>Returns logits of which those of the own classes may be overwritten; all of them where they are cosines.</summary>
    private Tensor Logits(int first, int count)
    {
        var products = tiles.Products(first, count);
        return inverse is null
            ? products : logInverse!.narrow(1, first, count).neg().addcmul(products, inverse.narrow(1, first, count), 1);
    }

    /// <summary>
    /// Returns the log sum exp of each row, B, by libtorch's log-softmax: two passes, where logsumexp makes four. It is the same difference
    /// in every column; the larger the logit, the fewer digits are lost.
    /// </summary>
    internal static Tensor LogSum(Tensor logits, ScalarType dtype)
    {
        var columns = Math.Min(Looked, logits.shape[1]);
        var relative = nn.functional.log_softmax(logits, 1);
        return logits.narrow(1, 0, columns).amax([1]).to(dtype) - relative.narrow(1, 0, columns).amax([1]).to(dtype);
    }
}
