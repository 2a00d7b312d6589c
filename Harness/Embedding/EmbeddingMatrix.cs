using Ablation.Harness.Foundations;

namespace Ablation.Harness.Embedding;

/// <summary>Embeddings on the host, one a row: N x D, float32, as the network gave them (not normalised).</summary>
public sealed class EmbeddingMatrix
{
    /// <exception cref="ArgumentException">The values do not fill the rows.</exception>
    public EmbeddingMatrix(float[] values, int dimension)
    {
        if (dimension < 1 || values.Length % dimension != 0)
            throw new ArgumentException($"{values.Length} values are no rows of {dimension}");
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

    /// <summary>Rows brought to length 1, each norm measured in float64.</summary>
    /// <param name="locate">Names a row that cannot be normalised.</param>
    /// <exception cref="DataProblem">A row is zero or no number.</exception>
    public EmbeddingMatrix Normalised(Func<int, string> locate)
    {
        var unit = new EmbeddingMatrix(Rows, Dimension);
        var inverses = new double[Rows];
        for (var row = 0; row < inverses.Length; row++) inverses[row] = 1 / Norm(row, locate); // here, so that the first bad row is told
        Parallel.For(0, Rows, row =>
        {
            var inverse = inverses[row];
            var from = this[row];
            var to = unit[row];
            for (var i = 0; i < from.Length; i++) to[i] = (float)(from[i] * inverse);
        });
        return unit;
    }

    /// <summary>Length of a row.</summary>
    /// <exception cref="DataProblem">It is zero or no number.</exception>
    public double Norm(int row, Func<int, string> locate)
    {
        double sum = 0;
        foreach (var value in this[row]) sum += (double)value * value;
        return sum > 0 && double.IsFinite(sum) ? Math.Sqrt(sum)
            : throw new DataProblem(locate(row), "its embedding is zero or no number",
                "look for a training that diverged, or a damaged file of embeddings");
    }

    /// <summary>The cosine of two rows, computed in float64.</summary>
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
