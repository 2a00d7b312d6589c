using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Embedding;

public sealed class PixelEmbedderTests
{
    [Test]
    public void Grey_less_its_mean_over_its_deviation_and_the_mirror_image_added()
    {
        using var test = new SyntheticPairsOptions { Pairs = 20, Folds = 2, Resolution = 16 }.Open(new DataRoot("."));
        using var embedder = new PixelEmbedder();
        var batch = EvaluationImages.Read(test, [0, 1, 2, 3, 4, 5, 6, 7], 16, new BatchOptions { BatchSize = 8, Workers = 1 }).First();
        var rows = embedder.Embed(batch, [FlipFusion.ImageOnly, FlipFusion.Sum]);
        var rgb = test.Read(3).Rgb;
        var grey = Enumerable.Range(0, 256).Select(i => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2]).ToArray();
        var deviation = Math.Sqrt(grey.Average(value => Math.Pow(value - grey.Average(), 2)));
        var expected = grey.Select(value => (value - grey.Average()) / deviation).ToArray();
        Assert.That(rows[0][(3 * 256)..(4 * 256)], Is.EqualTo(expected).Within(1e-4));
        Assert.That(rows[1][(3 * 256)..(4 * 256)], Is.EqualTo(expected.Select((value, i) => value + expected[i / 16 * 16 + 15 - i % 16]))
            .Within(1e-4));
        Assert.That((embedder.Resolution, embedder.Key, rows[0].Length), Is.EqualTo((16, "pixels 16", 8 * 256)));
    }
}
