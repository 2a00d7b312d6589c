using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Theory;

/// <summary>The means of each identity's normalised embeddings.</summary>
/// <param name="Directions">I x D: the normalised means.</param>
/// <param name="Norms">I: their lengths before normalisation, beta; 1 if all embeddings of an identity are equal.</param>
internal sealed record ClassMeans(EmbeddingMatrix Directions, double[] Norms)
{
    /// <param name="unit">N x D, of length 1.</param>
    /// <param name="identityOf">N, 0 .. <paramref name="identities"/>-1; each at least once.</param>
    /// <param name="name">Names an identity whose embeddings cancel each other out.</param>
    /// <exception cref="DataProblem">A mean is zero.</exception>
    public static ClassMeans Compute(EmbeddingMatrix unit, int[] identityOf, int identities, Func<int, string> name)
    {
        var (sums, counts) = (new double[identities, unit.Dimension], new int[identities]);
        for (var row = 0; row < unit.Rows; row++)
        {
            counts[identityOf[row]]++;
            var values = unit[row];
            for (var i = 0; i < values.Length; i++) sums[identityOf[row], i] += values[i];
        }

        var means = new EmbeddingMatrix(identities, unit.Dimension);
        for (var identity = 0; identity < identities; identity++)
        {
            for (var i = 0; i < unit.Dimension; i++) means[identity][i] = (float)(sums[identity, i] / counts[identity]);
        }

        return new ClassMeans(means.Normalised(name), [.. Enumerable.Range(0, identities).Select(identity => means.Norm(identity, name))]);
    }
}
