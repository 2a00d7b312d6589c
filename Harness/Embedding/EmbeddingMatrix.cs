using Ablation.Harness.Foundations;

namespace Ablation.Harness.Embedding;

/// <summary>Embeddings on the host, one per row: N x D, float32, as the network computed them (not normalised).</summary>
public sealed class EmbeddingMatrix
{
    /// <exception cref="ArgumentException">The values do not fill the rows.</exception>
    public EmbeddingMatrix(float[] values, int dimension)
    {
        if (dimension < 1 || values.Length % dimension != 0)
            throw new ArgumentException($"{values.Length} values do not fill rows of {dimension}");
        (Values, Dimension) = (values, dimension);
    }

    /// <exception cref="DataProblem">More values than an array can hold.</exception>
    public EmbeddingMatrix(int rows, int dimension) : this(new float[Length(rows, dimension)], dimension)
    {
    }

    /// <summary>Row after row.</summary>
    public float[] Values { get; }

    public int Dimension { get; }

    public int Rows => Values.Length / Dimension;

    public Span<float> this[int row] => Values.AsSpan(row * Dimension, Dimension);

    /// <summary>Returns all rows scaled to length 1, each norm computed in float64.</summary>
    /// <param name="locate">Names a row that cannot be normalised.</param>
    /// <exception cref="DataProblem">A row is zero or NaN.</exception>
    public EmbeddingMatrix Normalised(Func<int, string> locate) => Normalised([.. Enumerable.Range(0, Rows)], locate);

    /// <summary>Returns these rows, in this order, scaled to length 1.</summary>
    /// <inheritdoc cref="Normalised(Func{int, string})"/>
    public EmbeddingMatrix Normalised(IReadOnlyList<int> rows, Func<int, string> locate)
    {
        var unit = new EmbeddingMatrix(rows.Count, Dimension);
        var inverses = new double[rows.Count];
        for (var i = 0; i < inverses.Length; i++) inverses[i] = 1 / Norm(rows[i], locate); // in turn, so that the first bad row is named
        Parallel.For(0, rows.Count, i =>
        {
            var inverse = inverses[i];
            var from = this[rows[i]];
            var to = unit[i];
            for (var k = 0; k < from.Length; k++) to[k] = (float)(from[k] * inverse);
        });
        return unit;
    }

    /// <summary>Says what is wrong with an embedding that cannot be scaled to length 1: "is zero".</summary>
    internal static string Fault(ReadOnlySpan<float> row)
    {
        var isFinite = true;
        foreach (var value in row)
        {
            if (float.IsNaN(value)) return "has NaN in it";
            isFinite &= float.IsFinite(value);
        }

        return isFinite ? "is zero in float32" : "has an infinite number in it";
    }

    /// <summary>Returns the length of a row.</summary>
    /// <exception cref="DataProblem">It is zero, infinite or NaN.</exception>
    public double Norm(int row, Func<int, string> locate)
    {
        double sum = 0;
        foreach (var value in this[row]) sum += (double)value * value;
        return sum > 0 && double.IsFinite(sum) ? Math.Sqrt(sum)
            : throw new DataProblem(locate(row), $"its embedding {Fault(this[row])}",
                "look for a training that diverged, or a damaged file of embeddings");
    }

    /// <summary>Returns the cosine of two rows, computed in float64.</summary>
    public double Cosine(int first, int second, ReadOnlySpan<double> norms)
    {
        var left = this[first];
        var right = this[second];
        double dot = 0;
        for (var i = 0; i < left.Length; i++) dot += (double)left[i] * right[i];
        return dot / (norms[first] * norms[second]);
    }

    private static int Length(int rows, int dimension) => (long)rows * dimension <= Array.MaxLength ? rows * dimension
        : throw new DataProblem("embeddings", $"{rows} x {dimension} values are more than an array can hold",
            "evaluate fewer images at once");
}
