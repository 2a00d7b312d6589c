using Ablation.Harness.Embedding;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Pairs over many tiles of templates against plain loops.</summary>
[Parallelizable]
public sealed class TemplatePairsTests
{
    [Test]
    public void Distances_are_in_the_order_of_the_listed_pairs([Values(3, 20_000)] int dimension)
    {
        var random = new Random(dimension);
        var templates = new EmbeddingMatrix([.. Enumerable.Range(0, 21 * dimension).Select(_ => (float)random.NextDouble() - 0.3f)],
            dimension).Normalised(_ => "");
        int[] first = [.. Enumerable.Range(0, 40_000 / dimension + 300).Select(_ => random.Next(21))];
        int[] second = [.. first.Select(_ => random.Next(21))];
        bool[] same = [.. first.Select(_ => random.Next(2) == 0)];
        var scores = TemplatePairs.Score("test", templates, first, second, same, default);
        Assert.That((scores.Test, scores.Same, scores.Folds, scores.Fold.Distinct().Single()), Is.EqualTo(("test", same, 1, 0)));
        for (var pair = 0; pair < first.Length; pair++)
        {
            var cosine = templates[first[pair]].ToArray().Zip(templates[second[pair]].ToArray(), (a, b) => (double)a * b).Sum();
            Assert.That(scores.SquaredDistance[pair], Is.EqualTo(2 - 2 * cosine).Within(1e-6), $"pair {pair}");
        }

        Assert.That(scores.SquaredDistance, Is.All.InRange(0, 4));
    }

    [Test]
    public void Every_pair_is_ordered_once_and_neighbours_share_a_tile()
    {
        var templates = new EmbeddingMatrix(new float[21 * 20_000], 20_000); // tiles of two templates per side
        int[] first = [.. Enumerable.Range(0, 441).Select(i => i % 21)], second = [.. Enumerable.Range(0, 441).Select(i => i / 21)];
        var order = TemplatePairs.Tiled(templates, first, second);
        Assert.That(order.Order(), Is.EqualTo(Enumerable.Range(0, 441)));
        Assert.That(order.Take(5), Is.EqualTo(new[] { 0, 1, 21, 22, 42 }));
        Assert.That(order.Select(pair => (first[pair] / 2, second[pair] / 2)), Is.Ordered);
    }
}
