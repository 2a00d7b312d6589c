using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using Ablation.Tests.Suites;
using Ablation.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Embedding;

/// <summary>The divisor of a network's input reaches every pixel that the network sees, in training and in evaluation.</summary>
public sealed class InputDivisorTests
{
    private const int Side = 16;

    private static IEnumerable<BackboneOptions> Families() =>
        [.. Catalog.RecordsOf<BackboneOptions>().Values.Select(type => (BackboneOptions)Activator.CreateInstance(type)!)];

    [TestCaseSource(nameof(Families))]
    public void Every_family_is_built_for_its_divisor(BackboneOptions options)
    {
        using var usual = options.Build(Side);
        using var other = (options with { InputDivisor = 128 }).Build(Side);
        Assert.That((usual.InputDivisor, other.InputDivisor), Is.EqualTo((127.5, 128)));
        Assert.That(InputForm.Of(usual), Is.EqualTo(InputForm.Own));
    }

    [TestCase(127.5, true)]
    [TestCase(128, true)]
    [TestCase(128, false)]
    public void A_training_sees_values_less_127_5_over_the_divisor(double divisor, bool onHost)
    {
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        using var network = new Watched(divisor);
        using var loss = new CosFaceOptions { Scale = 4 }.Build(new LossShape(4, 6));
        var options = new BatchOptions { BatchSize = 8, Workers = 1 };
        var batches = new BatchStream(source, Side, 7, AugmentOptions.Off, options);
        using var resident = new ResidentImages(new ResidentFaces(source, Side, 7, AugmentOptions.Off, options, 1 << 24), Side, 8, CPU);
        new Trainer(network, loss, TinyModel.Plain, CPU).Train(onHost ? new HostImages(batches, CPU) : resident, null, default);
        var order = batches.Read(0, 2).SelectMany(batch => batch.Indices.ToArray()).ToList();
        Assert.That(network.Seen, Has.Count.EqualTo(16).And.Count.EqualTo(order.Count));
        foreach (var (index, seen) in order.Zip(network.Seen))
            Assert.That(seen, Is.EqualTo(Expected(source.Read(index).Image.Rgb, divisor)).Within(1e-6f), $"image {index}");
    }

    [TestCase(127.5)]
    [TestCase(128)]
    public void An_evaluation_sees_the_same(double divisor)
    {
        using var test = new SyntheticPairsOptions { Pairs = 20, Resolution = Side }.Open(new DataRoot("."));
        using var network = new Watched(divisor);
        using var embedder = new NetworkEmbedder(network, Side, CPU, weights: null);
        Embedder.Embed(embedder, test, new BatchOptions { BatchSize = 1000, Workers = 1 }, cache: null, default);
        for (var image = 0; image < test.ImageCount; image++)
            Assert.That(network.Seen[image], Is.EqualTo(Expected(test.Read(image).Rgb, divisor)).Within(1e-6f), $"image {image}");
    }

    [Test]
    public void Equal_weights_with_another_divisor_have_other_embeddings_in_a_cache()
    {
        using var test = new SyntheticPairsOptions { Pairs = 20, Resolution = Side }.Open(new DataRoot("."));
        var cache = EmbeddingCache.InMemory(1 << 24);
        var (usual, other) = (Embedded(127.5), Embedded(128));
        Assert.That(other[0].ToArray(), Is.Not.EqualTo(usual[0].ToArray()));
        Assert.That(Embedded(128)[0].ToArray(), Is.EqualTo(other[0].ToArray()));
        Assert.That(Embedded(127.5)[0].ToArray(), Is.EqualTo(usual[0].ToArray()));

        EmbeddingMatrix Embedded(double divisor)
        {
            using var network = new Watched(divisor);
            using var embedder = new NetworkEmbedder(network, Side, CPU, "the same weights");
            Assert.That(embedder.Key, divisor == 127.5 ? Is.EqualTo("network the same weights") : Does.Contain("/ 128"));
            return Embedder.Embed(embedder, test, new BatchOptions { Workers = 1 }, cache, default).Sum;
        }
    }

    [TestCase("0", "inputDivisor = 0; must be in [1, 255]")]
    [TestCase("256", "inputDivisor = 256; must be in [1, 255]")]
    [TestCase("\"128\"", "must be a number")]
    public void A_wrong_divisor_is_refused_with_its_place(string value, string message) =>
        Assert.That(SuiteText.Refusal("\"width\": 4", $"\"width\": 4, \"inputDivisor\": {value}"),
            Does.StartWith("own.jsonc(6): $.backbones[0].inputDivisor").And.Contains(message));

    private static float[] Expected(byte[] rgb, double divisor) =>
        [.. Enumerable.Range(0, 3).SelectMany(colour => Enumerable.Range(0, Side * Side)
            .Select(pixel => (float)((rgb[3 * pixel + colour] - 127.5) / divisor)))];

    /// <summary>A linear network that keeps every picture that it is given.</summary>
    private sealed class Watched : Backbone
    {
        private readonly LinearBackbone inner;

        public Watched(double divisor) : base(nameof(Watched))
        {
            manual_seed(4);
            inner = new LinearBackbone(Side, 6);
            InputDivisor = divisor;
            RegisterComponents();
        }

        public List<float[]> Seen { get; } = [];

        public override IEnumerable<Parameter> EmbeddingLayer() => inner.EmbeddingLayer();

        public override Tensor forward(Tensor images)
        {
            for (var i = 0; i < images.shape[0]; i++) Seen.Add(images[i].contiguous().data<float>().ToArray());
            return inner.forward(images);
        }
    }
}
