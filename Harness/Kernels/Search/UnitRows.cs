using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Kernels.Search;

/// <summary>Chosen rows of a matrix, brought to length 1.</summary>
internal static class UnitRows
{
    /// <summary>As <see cref="EmbeddingMatrix.Normalised"/>, of these rows in this order.</summary>
    /// <param name="locate">Names a row of <paramref name="matrix"/> that cannot be normalised.</param>
    /// <exception cref="DataProblem">A row is zero or no number.</exception>
    public static EmbeddingMatrix Select(EmbeddingMatrix matrix, IReadOnlyList<int> rows, Func<int, string> locate)
    {
        var unit = new EmbeddingMatrix(rows.Count, matrix.Dimension);
        var inverse = new double[rows.Count];
        // in turn: the first bad row is the one that is named
        for (var i = 0; i < inverse.Length; i++) inverse[i] = 1 / matrix.Norm(rows[i], locate);
        Parallel.For(0, rows.Count, i =>
        {
            var from = matrix[rows[i]];
            var to = unit[i];
            for (var k = 0; k < from.Length; k++) to[k] = (float)(from[k] * inverse[i]);
        });
        return unit;
    }
}
