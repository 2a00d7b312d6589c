using Ablation.Harness.Embedding;
using Ablation.Harness.Kernels.Search;

namespace Ablation.Tests.Search;

/// <summary>Sorts the whole matrix of float64 scores; the search must agree to the last bit.</summary>
internal static class NaiveSearch
{
    /// <summary>Returns random rows of length 1, some of them copies of others, so that scores tie.</summary>
    public static EmbeddingMatrix Rows(int seed, int rows, int dimension, double copies = 0.3, double spread = 1)
    {
        var random = new Random(seed);
        var raw = new EmbeddingMatrix(rows, dimension);
        for (var row = 0; row < rows; row++)
        {
            if (row > 0 && random.NextDouble() < copies) raw[random.Next(row)].CopyTo(raw[row]);
            else foreach (ref var value in raw[row]) value = (float)(1 - spread + spread * (2 * random.NextDouble() - 1));
        }

        return raw.Normalised(row => $"row {row}");
    }

    public static SearchResult Run(EmbeddingMatrix probes, IReadOnlyList<ProbeQuery> queries, EmbeddingMatrix gallery,
        IReadOnlyList<int> levels, int topK, int highest)
    {
        var (before, best, top, scores) = (new List<int>(), new List<double>(), new List<int>(), new List<double>());
        var others = levels.Select(_ => new List<double>()).ToArray();
        for (var probe = 0; probe < probes.Rows; probe++)
        {
            var score = Enumerable.Range(0, levels[^1]).Select(row => TileProduct.Exact(probes[probe], gallery[row])).ToArray();
            var own = queries[probe].Own.ToHashSet();
            var order = Enumerable.Range(0, score.Length).OrderByDescending(row => score[row]).ThenBy(row => row).ToList();
            foreach (var reference in queries[probe].References)
            {
                foreach (var level in levels)
                    before.Add(order.Count(row => row < level && !own.Contains(row)
                        && (score[row] > reference.Score || (score[row] == reference.Score && row < reference.Position))));
            }

            for (var level = 0; level < levels.Count; level++)
            {
                var left = order.Where(row => row < levels[level] && !own.Contains(row)).ToList();
                best.Add(left.Count == 0 ? double.NegativeInfinity : score[left[0]]);
                others[level].AddRange(left.Select(row => score[row]));
            }

            top.AddRange(order.Take(topK).Concat(Enumerable.Repeat(-1, topK)).Take(topK));
            scores.AddRange(order.Take(topK).Select(row => score[row]).Concat(Enumerable.Repeat(double.NegativeInfinity, topK)).Take(topK));
        }

        return new SearchResult([.. before], [.. best], [.. others.Select(level => level.OrderDescending().Take(highest).ToArray())],
            [.. top], [.. scores]);
    }

    public static void AssertEqual(SearchResult found, SearchResult expected)
    {
        Assert.That(found.Before, Is.EqualTo(expected.Before), "counts");
        Assert.That(found.BestOther, Is.EqualTo(expected.BestOther), "best scores of others");
        Assert.That(found.Highest, Is.EqualTo(expected.Highest), "highest scores");
        Assert.That(found.TopRows, Is.EqualTo(expected.TopRows), "top rows");
        Assert.That(found.TopScores, Is.EqualTo(expected.TopScores), "top scores");
    }
}
