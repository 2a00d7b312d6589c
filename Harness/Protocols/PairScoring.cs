using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// Computes the distances of a protocol's pairs from embeddings of its images. What does not depend on the pairs is computed once.
/// </summary>
public sealed class PairScoring
{
    private const long MostExtra = 10_000_000; // values that are stored by default
    private readonly PairProtocol protocol;
    private readonly EmbeddingMatrix embeddings;
    private readonly Func<int, string> locate;
    private readonly double[] norms;
    private readonly bool[] same;
    private readonly int[] fold;
    private readonly PairPersons persons;

    /// <param name="embeddings">May have more rows than the protocol has images, for several resolutions.</param>
    /// <param name="locate">Names a row.</param>
    /// <exception cref="DataProblem">An embedding is zero or NaN; the message names the image.</exception>
    public PairScoring(PairProtocol protocol, EmbeddingMatrix embeddings, Func<int, string> locate)
    {
        (this.protocol, this.embeddings, this.locate) = (protocol, embeddings, locate);
        norms = new double[embeddings.Rows];
        for (var row = 0; row < norms.Length; row++) norms[row] = embeddings.Norm(row, locate);
        same = [.. protocol.Pairs.Select(pair => pair.Same)];
        fold = [.. protocol.Pairs.Select(pair => pair.Fold)];
        persons = PairPersons.Number(protocol);
    }

    /// <summary>Computes 2 - 2 cos of each pair, cosines in float64.</summary>
    /// <exception cref="DataProblem">An embedding is zero or NaN; the message names the image.</exception>
    public static PairScores Distances(PairProtocol protocol, EmbeddingMatrix embeddings) =>
        new PairScoring(protocol, embeddings, protocol.Locate).Distances(protocol.Name, image => image, image => image);

    /// <summary>Computes the same for other rows: those of one resolution on the left, of another on the right.</summary>
    /// <param name="first">Maps the first image of a pair to its row.</param>
    public PairScores Distances(string name, Func<int, int> first, Func<int, int> second)
    {
        var pairs = protocol.Pairs;
        var rows = new (int First, int Second)[pairs.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = (first(pairs[i].First), second(pairs[i].Second));
        var distances = new float[rows.Length];
        Parallel.For(0, distances.Length, i =>
            distances[i] = (float)Math.Clamp(2 - 2 * embeddings.Cosine(rows[i].First, rows[i].Second, norms), 0, 4));
        var convention = protocol.Convention is null ? null : PairConvention.Named(protocol.Convention);
        return new PairScores(name, distances, same, fold, protocol.Folds)
        {
            FirstPerson = [.. pairs.Select(pair => persons.OfImage[pair.First])],
            SecondPerson = [.. pairs.Select(pair => persons.OfImage[pair.Second])],
            PersonsFrom = persons.From,
            Convention = protocol.Convention,
            FoldDistance = convention is { NeedsFoldDistances: true }
                || (protocol.ForEveryEstimator && protocol.Folds > 1 && (long)rows.Length * protocol.Folds <= MostExtra)
                ? MeanCentred(rows) : null,
        };
    }

    /// <summary>Computes pairs x folds: arccos(cos) / pi of unit embeddings minus the mean of the other folds; in float64.</summary>
    private float[] MeanCentred((int First, int Second)[] rows)
    {
        var (folds, dimension) = (protocol.Folds, embeddings.Dimension);
        if ((long)rows.Length * folds > Array.MaxLength)
            throw new DataProblem(protocol.Name, $"{rows.Length} pairs x {folds} folds of distances are more than an array can hold",
                "omit convention");
        var result = new float[rows.Length * folds];
        var means = Means(rows);
        Parallel.For(0, rows.Length, i =>
        {
            var left = embeddings[rows[i].First];
            var right = embeddings[rows[i].Second];
            var (leftNorm, rightNorm) = (norms[rows[i].First], norms[rows[i].Second]);
            for (var held = 0; held < folds; held++)
            {
                var mean = means[held];
                double dot = 0, leftSquare = 0, rightSquare = 0;
                for (var d = 0; d < dimension; d++)
                {
                    var (a, b) = (left[d] / leftNorm - mean[d], right[d] / rightNorm - mean[d]);
                    (dot, leftSquare, rightSquare) = (dot + a * b, leftSquare + a * a, rightSquare + b * b);
                }

                var cosine = dot / Math.Sqrt(leftSquare * rightSquare); // NaN if an embedding equals the mean
                result[i * folds + held] = (float)(Math.Acos(Math.Clamp(cosine, -1, 1)) / Math.PI);
            }
        });
        return result;
    }

    /// <summary>Returns, per fold, the mean of the unit embeddings of all other folds' pairs, both sides.</summary>
    private double[][] Means((int First, int Second)[] rows)
    {
        var sums = new double[protocol.Folds][];
        var counts = new long[protocol.Folds];
        for (var held = 0; held < sums.Length; held++) sums[held] = new double[embeddings.Dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            Add(rows[i].First, sums[fold[i]]);
            Add(rows[i].Second, sums[fold[i]]);
            counts[fold[i]] += 2;
        }

        var (all, total) = (new double[embeddings.Dimension], counts.Sum());
        foreach (var sum in sums)
        {
            for (var d = 0; d < all.Length; d++) all[d] += sum[d];
        }

        return [.. sums.Select((own, held) => all.Select((sum, d) => (sum - own[d]) / (total - counts[held])).ToArray())];
    }

    private void Add(int row, double[] sum)
    {
        var values = embeddings[row];
        for (var d = 0; d < values.Length; d++) sum[d] += values[d] / norms[row];
    }
}
