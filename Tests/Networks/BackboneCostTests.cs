using Ablation.Harness.Networks;
using Ablation.Losses.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Networks;

/// <summary>Multiply-adds against a count from each family's published table, layer by layer, and layers that must be in
/// the count.</summary>
public sealed class BackboneCostTests
{
    private static IEnumerable<TestCaseData> Counted()
    {
        int[][] iresnets = [[2, 2, 2, 2], [3, 4, 6, 3], [3, 4, 14, 3], [3, 13, 30, 3]];
        foreach (var resolution in new[] { 112, 96, 56, 33 })
        {
            foreach (var (depth, units) in Enum.GetValues<IResNetDepth>().Zip(iresnets))
                yield return Case(new IResNetOptions { Depth = depth, EmbeddingDimension = 384 }, resolution,
                    LayerCount.IResNet(units, resolution, 384));
            foreach (var dimension in new[] { 128, 512 })
                yield return Case(new MobileFaceNetOptions { EmbeddingDimension = dimension }, resolution,
                    LayerCount.MobileFaceNet(resolution, dimension));
            yield return Case(new ResNet50Options { EmbeddingDimension = 256 }, resolution, LayerCount.ResNet50(resolution, 256));
            yield return Case(new ResNet50Options { EmbeddingDimension = 256, Unit = ResNet50Unit.PreActivation }, resolution,
                LayerCount.ResNet50(resolution, 256, strideInSecond: true));
            yield return Case(new SmallOptions { Width = 8, EmbeddingDimension = 64 }, resolution, LayerCount.Small(resolution, 8, 64));
        }

        static TestCaseData Case(BackboneOptions options, int resolution, long expected) => new(options, resolution, expected);
    }

    [Category("Slow"), TestCaseSource(nameof(Counted))]
    public void Multiply_adds_are_those_of_the_layers(BackboneOptions options, int resolution, long expected) =>
        Assert.That(BackboneCost.Measure(options, resolution).MultiplyAdds, Is.EqualTo(expected));

    [Test]
    public void Every_family_has_an_independent_count() =>
        Assert.That(Counted().Select(one => one.Arguments[0]!.GetType())
            .Distinct(), Is.EquivalentTo(Catalog.RecordsOf<BackboneOptions>().Values));

    [Test]
    public void Parameters_are_the_same_without_a_forward_pass() =>
        Assert.That(BackboneCost.ParametersOf(new SmallOptions(), 56), Is.EqualTo(BackboneCost.Measure(new SmallOptions(), 56).Parameters));

    [Test]
    public void A_layer_unknown_to_the_count_is_an_error([Values("bypassed", "unused", "unknown")] string fault)
    {
        using var network = new Faulty(fault);
        Assert.That(() => BackboneCost.Measure(network, 8),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains($"layer {fault} "));
    }

    [Test]
    public void A_layer_that_runs_twice_counts_twice()
    {
        using var once = new Faulty("none");
        using var twice = new Faulty("none", times: 2);
        Assert.That(BackboneCost.Measure(once, 8).MultiplyAdds, Is.EqualTo(27 * 64));
        Assert.That(BackboneCost.Measure(twice, 8).MultiplyAdds, Is.EqualTo(2 * 27 * 64));
    }

    private sealed class Faulty : Backbone
    {
        private readonly Conv2d first = nn.Conv2d(3, 3, 3, padding: 1, groups: 3, bias: true);
        private readonly nn.Module<Tensor, Tensor>? bypassed, unused, unknown;
        private readonly int times;

        public Faulty(string fault, int times = 1) : base(nameof(Faulty))
        {
            this.times = times;
            if (fault == "bypassed") bypassed = nn.Conv2d(3, 3, 1);
            if (fault == "unused") unused = nn.Linear(3, 3);
            if (fault == "unknown") unknown = nn.ConvTranspose2d(3, 3, 1);
            RegisterComponents();
        }

        public override IEnumerable<Parameter> EmbeddingLayer() => [];

        public override Tensor forward(Tensor images)
        {
            var x = images;
            for (var i = 0; i < times; i++) x = first.call(x);
            return bypassed?.forward(x) ?? unknown?.call(x) ?? x;
        }
    }
}
