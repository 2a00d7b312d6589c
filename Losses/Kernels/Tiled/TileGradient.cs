using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Sums the gradients of one backward pass, tile by tile; those of the proxies are written where they belong. A factor of each sample
/// multiplies B x D values here, so that no pass over a tile has to.
/// </summary>
internal sealed class TileGradient : IDisposable
{
    private readonly HeadProblem problem;
    private readonly Tensor? inverse;
    private readonly Tensor factors, samples, ownWeights, rows;
    private readonly GradientTarget target;

    /// <param name="inverse">1 / norm of the proxies, 1 x C; null where products are not cosines.</param>
    /// <param name="factors">Of the weights of each sample, B.</param>
    /// <param name="own">dL/down, B, factor included.</param>
    public TileGradient(HeadProblem problem, Tensor? inverse, Tensor factors, Tensor own, GradientTarget target)
    {
        (this.problem, this.inverse, this.factors, this.target) = (problem, inverse, factors, target);
        using var scope = NewDisposeScope();
        samples = (problem.Rows * factors.unsqueeze(1)).DetachFromDisposeScope();
        rows = zeros_like(problem.Rows).DetachFromDisposeScope();
        // a sample whose others have no weight any more has none itself
        var relative = where(factors.eq(0), zeros_like(own), own / factors);
        ownWeights = (inverse is null ? relative.alias() : relative * inverse.squeeze(0).index_select(0, problem.Labels))
            .DetachFromDisposeScope();
    }

    /// <summary>The gradient of the rows, B x D; call once, after all tiles.</summary>
    public Tensor Rows() => rows.mul_(factors.unsqueeze(1)).alias();

    /// <summary>Adds a tile's part.</summary>
    /// <param name="weights">dL/dproduct without the factors, B x T: dL/dcosine divided by the proxy's norm. Overwritten.</param>
    public void Add(Tensor weights, int first)
    {
        using var scope = NewDisposeScope();
        var count = weights.shape[1];
        OwnClass.Set(problem, weights, first, ownWeights);
        var proxies = problem.Proxies.narrow(0, first, count);
        target.Bias?.narrow(0, first, count).add_(weights.t().mv(factors));
        rows.addmm_(weights, proxies, 1, 1);
        if (target.Proxies is not { } all) return;
        var into = all.narrow(0, first, count);          // T x D
        var gradient = target.Add ? weights.t().mm(samples) : into.addmm_(weights.t(), samples, 0, 1);
        if (inverse is not null)
        {
            var column = inverse.narrow(1, first, count).view(-1, 1);
            var counts = column.lt(1 / HeadProblem.SmallestNorm).to(gradient.dtype); // a clamped norm has no direction to take off
            gradient.addcmul_(proxies, (gradient * proxies).sum(1, keepdim: true) * (column * column * counts), -1);
        }

        if (target.Add) into.add_(gradient);
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { samples, ownWeights, rows }) tensor.Dispose();
    }
}
