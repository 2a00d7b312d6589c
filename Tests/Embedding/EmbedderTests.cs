using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Tests.Training;
using static TorchSharp.torch;

namespace Ablation.Tests.Embedding;

/// <summary>
/// Embeddings against a linear network computed by hand: the raw features of image and mirrored image are summed, then normalised.
/// </summary>
public sealed class EmbedderTests
{
    private const int Pixels = 16;
    private const int Dimension = 6;
    private LinearBackbone backbone = null!;
    private PairProtocol protocol = null!;

    [SetUp]
    public void Open()
    {
        manual_seed(4);
        backbone = new LinearBackbone(Pixels, Dimension);
        protocol = new SyntheticPairsOptions { Pairs = 40, Resolution = Pixels }.Open(new DataRoot("."));
    }

    [TearDown]
    public void Close()
    {
        backbone.Dispose();
        protocol.Dispose();
    }

    [Test]
    public void Features_of_image_and_mirror_are_summed_raw_and_then_normalised()
    {
        var embeddings = Embed();
        Assert.That(embeddings, Has.Length.EqualTo(protocol.ImageCount));
        double apart = 0;
        for (var image = 0; image < protocol.ImageCount; image++)
        {
            var face = protocol.Read(image);
            var (plain, mirrored) = (Features(face, mirror: false), Features(face, mirror: true));
            var expected = Unit([.. plain.Zip(mirrored, (a, b) => a + b)]);
            Assert.That(Unit([.. embeddings[image].Select(value => (double)value)]), Is.EqualTo(expected).Within(1e-5), $"image {image}");
            var normalisedFirst = Unit([.. Unit(plain).Zip(Unit(mirrored), (a, b) => a + b)]);
            apart = Math.Max(apart, expected.Zip(normalisedFirst, (a, b) => Math.Abs(a - b)).Max());
        }

        Assert.That(apart, Is.GreaterThan(1e-3), "premise: the order of sum and norm matters");
    }

    [Test]
    public void With_batch_norm_and_dropout_an_embedding_does_not_depend_on_its_batch()
    {
        using var deep = new SmallOptions { Width = 4, EmbeddingDimension = Dimension, Dropout = 0.5 }.Build(Pixels);
        deep.train(); // the mode after training
        var (alone, together) = (Embed(1, deep), Embed(1000, deep));
        for (var image = 0; image < alone.Length; image++)
            Assert.That(together[image], Is.EqualTo(alone[image]).Within(1e-4f), $"image {image}");
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    public void The_batch_size_changes_nothing(int batch)
    {
        var (expected, embeddings) = (Embed(), Embed(batch));
        for (var image = 0; image < expected.Length; image++)
            Assert.That(embeddings[image], Is.EqualTo(expected[image]).Within(1e-6f), $"image {image}");
    }

    [Test]
    public void Scores_are_squared_distances_of_unit_vectors()
    {
        var embeddings = Embed();
        var scores = Score(embeddings);
        embeddings = [.. embeddings.Select(row => Unit([.. row.Select(value => (double)value)]).Select(value => (float)value).ToArray())];
        for (var i = 0; i < protocol.Pairs.Count; i++)
        {
            var pair = protocol.Pairs[i];
            var distance = embeddings[pair.First].Zip(embeddings[pair.Second], (a, b) => Math.Pow((double)a - b, 2)).Sum();
            Assert.That(scores.SquaredDistance[i], Is.EqualTo(distance).Within(1e-6).And.InRange(0, 4));
            Assert.That((scores.Same[i], scores.Fold[i]), Is.EqualTo((pair.Same, pair.Fold)));
        }

        Assert.That((scores.Test, scores.Folds), Is.EqualTo((protocol.Name, protocol.Folds)));
        Assert.That(scores.SquaredDistance.Distinct().Count(), Is.GreaterThan(30));
    }

    [Test]
    public void Distances_stay_within_their_range_despite_rounding()
    {
        var embedding = Unit([.. Enumerable.Range(1, Dimension).Select(i => 1.0 / i)]).Select(value => (float)value * 1.000001f).ToArray();
        var embeddings = Enumerable.Range(0, protocol.ImageCount)
            .Select(image => image % 2 == 0 ? embedding : [.. embedding.Select(value => -value)]).ToArray();
        Assert.That(Score(embeddings).SquaredDistance, Is.All.InRange(0f, 4f).And.Some.EqualTo(4f));
    }

    [Test]
    public void Training_mode_is_restored_and_a_broken_network_names_the_image()
    {
        backbone.train();
        Embed();
        Assert.That(backbone.training);
        using (no_grad()) backbone.parameters().First().fill_(float.NaN);
        Assert.That(() => Embed(), Throws.TypeOf<UnsoundEmbeddingException>().With.Message.StartsWith(protocol.Locate(0)));
    }

    private float[][] Embed(int batch = 16, Backbone? network = null)
    {
        using var embedder = new NetworkEmbedder(network ?? backbone, Pixels, CPU, weights: null);
        var matrix = Embedder.Embed(embedder, protocol, new BatchOptions { BatchSize = batch, Workers = 1 }, cache: null, default).Sum;
        return [.. Enumerable.Range(0, matrix.Rows).Select(row => matrix[row].ToArray())];
    }

    private PairScores Score(float[][] embeddings) =>
        PairScoring.Distances(protocol, new EmbeddingMatrix([.. embeddings.SelectMany(row => row)], Dimension));

    /// <summary>W x + b with x in the order of channel, row, column, scaled to -1 .. 1.</summary>
    private double[] Features(FaceImage face, bool mirror)
    {
        var (weight, bias) = (backbone.parameters().First().data<float>().ToArray(), backbone.parameters().Last().data<float>().ToArray());
        return [.. Enumerable.Range(0, Dimension).Select(feature =>
        {
            double sum = bias[feature];
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = 0; y < Pixels; y++)
                {
                    for (var x = 0; x < Pixels; x++)
                    {
                        var value = face.Rgb[3 * (y * Pixels + (mirror ? Pixels - 1 - x : x)) + channel];
                        sum += weight[feature * 3 * Pixels * Pixels + (channel * Pixels + y) * Pixels + x] * (value - 127.5) / 127.5;
                    }
                }
            }

            return sum;
        })];
    }

    private static double[] Unit(double[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / norm)];
    }
}
