using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Computes log sum exp over the other identities where each has K proxies of which the nearest counts, tile by tile through libtorch: a
/// running maximum over the K products of a tile. Keeps no B x C matrix; the backward pass computes the tiles again.
/// </summary>
internal sealed class TorchCenters : IDenseKernel, IDisposable
{
    private readonly HeadProblem problem; // of all K C proxies
    private readonly int centers, classes;
    private readonly LogSumExp reduction;
    private readonly Tensor inverse, scaled;        // 1 x K C: 1 / norm, and that times the scale
    private readonly Tensor minusInfinity, nothing; // 1
    private readonly Tensor own, winners;  // B: the cosine with the own identity, and the row of the proxy that gives it
    private Tensor? logSums;               // B

    /// <param name="problem">Its labels are identities; its proxies are K times all identities.</param>
    public TorchCenters(HeadProblem problem, int centers, LogSumExp reduction)
    {
        (this.problem, this.centers, this.reduction) = (problem, centers, reduction);
        classes = problem.Classes / centers;
        using var scope = NewDisposeScope();
        inverse = problem.InverseNorms()!.DetachFromDisposeScope();
        minusInfinity = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(double.NegativeInfinity).DetachFromDisposeScope();
        scaled = reduction.Scaled(inverse).DetachFromDisposeScope();
        nothing = zeros_like(minusInfinity).DetachFromDisposeScope();
        var each = stack(Enumerable.Range(0, centers)
            .Select(k => OwnClass.Products(problem with { Labels = problem.Labels + k * classes })));
        var (largest, at) = each.max(0); // of equal ones the first
        own = largest.DetachFromDisposeScope();
        winners = (at * classes + problem.Labels).DetachFromDisposeScope();
    }

    public (Tensor Others, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var shifted = reduction.Scale > TorchSoftmax.SafeScale;
        var sums = full_like(problem.Rows.select(1, 0), shifted ? double.NegativeInfinity : 0);
        foreach (var (first, count) in Tiles())
        {
            using var inner = NewDisposeScope();
            var logits = Nearest(Logits(first, count));
            if (!shifted) logits = logits.exp();
            OwnClass.Set(problem, logits, first, shifted ? minusInfinity : nothing);
            if (shifted) sums.copy_(sums.logaddexp(logits.logsumexp(1)));
            else sums.add_(logits.sum(1));
        }

        logSums = (shifted ? sums : sums.log()).DetachFromDisposeScope();
        return (logSums.to(own.dtype, copy: true).MoveToOuterDisposeScope(), own.clone().MoveToOuterDisposeScope());
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        using var gradient = new TileGradient(problem with { Labels = winners }, inverse, reduction.Scaled(others), own, target);
        foreach (var (first, count) in Tiles())
        {
            using var inner = NewDisposeScope();
            var logits = Logits(first, count);
            var nearest = Nearest(logits);
            var weights = (nearest - logSums!.unsqueeze(1)).exp_();
            OwnClass.Set(problem, weights, first, nothing);
            for (var k = 0; k < centers; k++)
            {
                using var part = NewDisposeScope();
                var wins = logits[k].eq(nearest);
                gradient.Add((weights * wins).mul_(inverse.narrow(1, (long)k * classes + first, count)), k * classes + first);
                if (k + 1 < centers) weights.masked_fill_(wins, 0); // of equal ones the first
            }
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { inverse, scaled, minusInfinity, nothing, own, winners }) tensor.Dispose();
        logSums?.Dispose();
    }

    /// <summary>First identity and number of identities of each tile.</summary>
    private IEnumerable<(int First, int Count)> Tiles()
    {
        var width = Math.Max(1, TileWidth.Of(problem) / centers);
        for (var first = 0; first < classes; first += width) yield return (first, Math.Min(width, classes - first));
    }

    /// <summary>The logits of a tile's identities with each of their proxies, K times B x T.</summary>
    private Tensor[] Logits(int first, int count) => [.. Enumerable.Range(0, centers).Select(k => problem.Rows
        .mm(problem.Proxies.narrow(0, (long)k * classes + first, count).t()).mul_(scaled.narrow(1, (long)k * classes + first, count)))];

    /// <summary>The largest of each identity, B x T.</summary>
    private static Tensor Nearest(Tensor[] logits) => logits.Length == 1 ? logits[0].clone() : logits.Aggregate((a, b) => a.maximum(b));
}
