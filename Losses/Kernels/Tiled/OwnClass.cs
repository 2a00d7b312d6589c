using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>The products of the samples with the proxies of their own identities, which the kernels treat apart.</summary>
internal static class OwnClass
{
    /// <summary>Computes them, B; in float64 on a CPU, since a margin's slope needs 1 - c^2.</summary>
    public static Tensor Products(HeadProblem problem)
    {
        using var scope = NewDisposeScope();
        var dtype = CpuPath.IsTaken(problem.Rows) ? ScalarType.Float64 : problem.Rows.dtype;
        var rows = problem.Rows.to(dtype);
        var proxies = problem.Proxies.index_select(0, problem.Labels).to(dtype);
        var own = (rows * proxies).sum(1);
        if (!problem.Normalised) return own.MoveToOuterDisposeScope();
        var norms = rows.norm(1, p: 2).clamp_min(HeadProblem.SmallestNorm) * proxies.norm(1, p: 2).clamp_min(HeadProblem.SmallestNorm);
        return (own / norms).clamp(-1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Overwrites the entries of the samples' own classes, where they lie in the tile.</summary>
    /// <param name="values">B x T.</param>
    /// <param name="own">One value per sample, B, or one for all, 1.</param>
    public static void Set(HeadProblem problem, Tensor values, int first, Tensor own)
    {
        using var scope = NewDisposeScope();
        var count = values.shape[1];
        var at = (problem.Labels - first).unsqueeze(1);            // B x 1
        var inside = at.ge(0).logical_and(at.lt(count));
        var column = at.clamp(0, count - 1);
        values.scatter_(1, column, where(inside, own.view(-1, 1), values.gather(1, column)));
    }
}
