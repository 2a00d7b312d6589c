using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Theory;

namespace Ablation.Tests.Theory;

/// <summary>Whether norms follow the resolution of the images.</summary>
public sealed class NormQualityTests
{
    [TestCase(1, ExpectedResult = true)]
    [TestCase(-1, ExpectedResult = false)]
    public bool A_norm_that_follows_the_detail_of_an_image_is_correlated_with_its_resolution(int sign)
    {
        using var source = new Noise(12);
        using var network = new DetailEmbedder(sign);
        var quality = NormQuality.Measure(source, [.. Enumerable.Range(0, 12)], network, new BatchOptions { DropLast = false }, default);
        Assert.That(quality.Images, Is.EqualTo(12));
        Assert.That(quality.Levels.Select(level => level.Side), Is.EqualTo(new[] { 16, 8, 4 }));
        Assert.That(quality.Levels.Select(level => level.MeanNorm * sign), Is.Ordered.Descending);
        Assert.That(Math.Abs(quality.RankCorrelation!.Value), Is.GreaterThan(0.9));
        return quality.RankCorrelation > 0;
    }

    [Test]
    public void Equal_norms_have_no_correlation()
    {
        using var source = new Noise(4);
        using var network = new DetailEmbedder(0);
        var quality = NormQuality.Measure(source, [0, 1, 2, 3], network, new BatchOptions { DropLast = false }, default);
        Assert.That(quality.RankCorrelation, Is.Null, "nothing missing becomes a number");
    }

    /// <summary>Pictures of random pixels.</summary>
    private sealed class Noise(int count) : FaceSource
    {
        public override string Name => "noise";

        public override int Count => count;

        public override int Identities => 1;

        public override LabelledFace Read(int index)
        {
            var pixels = new byte[16 * 16 * 3];
            new Random(index).NextBytes(pixels);
            return new(new FaceImage(16, 16, pixels), 0);
        }

        public override int IdentityOf(int index) => 0;

        public override string Locate(int index) => $"image {index}";
    }

    /// <summary>Embeddings whose norm rises or falls with the variation of the pixels.</summary>
    private sealed class DetailEmbedder(int sign) : ImageEmbedder
    {
        public override int Resolution => 16;

        public override string? Key => null;

        public override IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions) =>
            [.. fusions.Select(_ => Enumerable.Range(0, batch.Count).SelectMany(item => Row(batch.PixelsOf(item).ToArray())).ToArray())];

        private float[] Row(float[] pixels)
        {
            var mean = pixels.Average();
            return [0, 10 + sign * (float)Math.Sqrt(pixels.Average(pixel => (pixel - mean) * (pixel - mean)))];
        }
    }
}
