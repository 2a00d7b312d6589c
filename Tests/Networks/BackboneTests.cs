using Ablation.Harness.Networks;
using Ablation.Losses.Options;
using Ablation.Tests.Export;
using static TorchSharp.torch;

namespace Ablation.Tests.Networks;

/// <summary>Size and cost of every backbone against the literature's figures, and what all of them must do.</summary>
public sealed class BackboneTests
{
    private static readonly int[] Resolutions = [112, 96, 64, 56, 32, 28];

    // parameters at 112 px and 512-d of the field's public models: R18 24.02 M, R34 34.14 M, R50 43.59 M, R100 65.16 M
    [TestCase(IResNetDepth.R18, 24_025_600, 2_609_954_816)]
    [TestCase(IResNetDepth.R34, 34_139_328, 4_459_642_880)]
    [TestCase(IResNetDepth.R50, 43_590_848, 6_309_330_944)]
    [TestCase(IResNetDepth.R100, 65_156_160, 12_089_606_144)]
    public void IResNet_has_the_size_of_the_field(IResNetDepth depth, long parameters, long multiplyAdds) =>
        Assert.That(BackboneCost.Measure(new IResNetOptions { Depth = depth }, 112),
            Is.EqualTo(new BackboneCost(parameters, multiplyAdds)));

    [TestCase(128, 220_965_376)]
    [TestCase(256, 221_030_912)]
    [TestCase(512, 221_161_984)]
    public void MobileFaceNet_has_the_cost_of_the_paper(int dimension, long multiplyAdds)
    {
        var cost = BackboneCost.Measure(new MobileFaceNetOptions { EmbeddingDimension = dimension }, 112);
        Assert.That(cost.MultiplyAdds, Is.EqualTo(multiplyAdds), "the paper: 221 M at 112 x 112");
        Assert.That(cost.Parameters - 512 * dimension - 2 * dimension, Is.EqualTo(937_344), "all but the embedding layer and its BN");
    }

    [Test]
    public void The_papers_ResNet50_has_fifty_weighted_layers_and_the_published_size()
    {
        using var network = new ResNet50Options().Build(112);
        var weighted = network.modules().Count(m => m is TorchSharp.Modules.Conv2d { kernel_size: [3, 3] } or TorchSharp.Modules.Linear);
        Assert.That(weighted, Is.EqualTo(50));
        var cost = BackboneCost.Measure(new ResNet50Options(), 112);
        Assert.That((cost.Parameters, cost.MultiplyAdds), Is.EqualTo((43_569_984L, 5_413_187_584L)));
    }

    [Test]
    public void The_authors_ResNet50_has_pre_activation_units_and_their_size()
    {
        using var network = new ResNet50Options { Unit = ResNet50Unit.PreActivation, Dropout = 0.5 }.Build(112);
        var names = network.named_children().Single(part => part.name == "body").module.named_children().Skip(3).ToList();
        Assert.That(names, Has.Count.EqualTo(3 + 4 + 14 + 3));
        foreach (var (name, unit) in names)
        {
            var layers = unit.named_children().Single(part => part.name == "residual").module.children();
            Assert.That(layers.Select(layer => layer.GetType().Name),
                Is.EqualTo(new[] { "BatchNorm2d", "Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "BatchNorm2d" }), name);
        }

        var cost = BackboneCost.Measure(network, 112);
        Assert.That((cost.Parameters, cost.MultiplyAdds), Is.EqualTo((43_580_736L, 5_933_412_352L)));
    }

    [Test]
    public void Small_is_small() =>
        Assert.That(BackboneCost.Measure(new SmallOptions(), 56), Is.EqualTo(new BackboneCost(832_880, 14_982_144)));

    private static IEnumerable<TestCaseData> Found() =>
        Catalog.RecordsOf<BackboneOptions>().Values.Select(type => (BackboneOptions)Activator.CreateInstance(type)!)
            .Select(options => options is IResNetOptions iresnet ? iresnet with { Depth = IResNetDepth.R18 } : options)
            .Select(options => Exported.Case(options));

    [TestCaseSource(nameof(Found))]
    public void Every_resolution_gives_finite_embeddings_of_the_given_dimension(BackboneOptions options)
    {
        using var scope = NewDisposeScope();
        foreach (var resolution in Resolutions)
        {
            Assert.That(options.Accepts(resolution));
            using var network = options.Build(resolution);
            network.eval();
            using var grad = no_grad();
            var embeddings = network.forward(randn(2, 3, resolution, resolution));
            Assert.That(embeddings.shape, Is.EqualTo(new long[] { 2, options.EmbeddingDimension }), $"{resolution} px");
            Assert.That(embeddings.isfinite().all().item<bool>(), $"{resolution} px");
        }
    }

    [TestCaseSource(nameof(Found))]
    public void Gradient_reaches_every_trainable_parameter(BackboneOptions options)
    {
        using var scope = NewDisposeScope();
        using var network = options.Build(32);
        var embeddings = network.forward(randn(4, 3, 32, 32));
        (embeddings * randn(embeddings.shape)).sum().backward();
        foreach (var (name, parameter) in network.named_parameters())
            Assert.That(parameter.requires_grad
                ? parameter.grad is { } g && g.abs().sum().item<float>() > 0 : parameter.grad is null, name);
    }

    [TestCaseSource(nameof(Found))]
    public void The_same_seed_builds_the_same_weights(BackboneOptions options)
    {
        var first = Weights(1);
        Assert.That(Weights(1), Is.EqualTo(first));
        Assert.That(Weights(2), Is.Not.EqualTo(first));

        float[] Weights(int seed)
        {
            manual_seed(seed);
            using var network = options.Build(28);
            return network.parameters().SelectMany(p => p.data<float>().ToArray().Take(64)).ToArray();
        }
    }

    [TestCase(8, 1, true)]
    [TestCase(8, 2, false)]
    [TestCase(12, 1, false)]
    public void A_bottleneck_adds_its_input_where_shapes_agree(int wide, int stride, bool adds)
    {
        using var unit = new Bottleneck(8, wide, 16, stride);
        using (no_grad())
        {
            foreach (var (name, parameter) in unit.named_parameters())
                if (name is "layers.bn.weight" or "layers.bn.bias") parameter.zero_(); // so that the branch gives 0
        }

        using var x = randn(2, 8, 6, 6);
        using var y = unit.forward(x);
        Assert.That(adds ? y.eq(x).all().item<bool>() : y.eq(0).all().item<bool>());
    }

    [TestCaseSource(nameof(Found))]
    public void The_embedding_layer_is_one_of_the_networks_own_parameters(BackboneOptions options)
    {
        using var network = options.Build(28);
        var own = network.parameters().Select(p => p.Handle).ToHashSet();
        Assert.That(network.EmbeddingLayer().Select(p => p.Handle), Is.Not.Empty.And.All.Matches<nint>(own.Contains));
    }

    [Test]
    public void The_last_scale_of_IResNet_is_fixed_at_one()
    {
        using var network = new IResNetOptions { Depth = IResNetDepth.R18 }.Build(28);
        var (_, scale) = network.named_parameters().Single(p => p.name == "head.features.weight");
        Assert.That(scale.requires_grad, Is.False);
        Assert.That(scale.eq(1).all().item<bool>());
    }
}
