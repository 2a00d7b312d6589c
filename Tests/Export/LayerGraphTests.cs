using Ablation.Harness.Export;
using Ablation.Harness.Export.Layers;
using Ablation.Harness.Formats;
using Ablation.Harness.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Export;

/// <summary>Each kind of layer computes in ONNX Runtime what it computes here; what cannot be written is refused with its name.</summary>
public sealed class LayerGraphTests
{
    private const int Side = 15; // odd: strides and pools must round alike

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Case("convolution", () => [nn.Conv2d(3, 4, 3, stride: 2, padding: 1, bias: true)]);
        yield return Case("dilation", () => [nn.Conv2d(3, 6, 3, dilation: 2)]);
        yield return Case("groups", () => [nn.Conv2d(3, 6, 1), nn.Conv2d(6, 9, 3, groups: 3)]);
        yield return Case("one group per channel", () => [nn.Conv2d(3, 3, 3, groups: 3)]);
        yield return Case("sides that differ", () => [nn.Conv2d(3, 6, (3, 5), stride: (1, 2), padding: (1, 0))]);
        yield return Case("dilation that differs", () => [nn.Conv2d(3, 6, (3, 3), dilation: (2, 1))]);
        yield return Case("norm without weights", () => [nn.BatchNorm2d(3, affine: false)]);
        yield return Case("norm with another epsilon", () => [nn.BatchNorm2d(3, eps: 0.1)]);
        yield return Case("PReLU with one slope", () => [nn.PReLU(1)]);
        yield return Case("PReLU of maps", () => [nn.PReLU(3)]);
        yield return Case("PReLU of rows", () => [nn.Flatten(), nn.Linear(3 * Side * Side, 5), nn.PReLU(5)]);
        yield return Case("rows", () => [nn.Flatten(), nn.Linear(3 * Side * Side, 5, hasBias: false), nn.BatchNorm1d(5, affine: false)]);
        yield return Case("ReLU", () => [nn.ReLU()]);
        yield return Case("LeakyReLU", () => [nn.LeakyReLU(0.3)]);
        yield return Case("nothing", () => [nn.Identity(), nn.Dropout(0.5)]);
        yield return Case("every second pixel", () => [new EveryPixel(2)]);
        yield return Case("every third pixel", () => [new EveryPixel(3)]);
        yield return Case("greatest", () => [nn.MaxPool2d(3, stride: 2, padding: 1)]);
        yield return Case("greatest of two", () => [nn.MaxPool2d(2)]);
        yield return Case("mean", () => [nn.AvgPool2d(3, stride: 2, padding: 1)]);
        yield return Case("mean without padding", () => [nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false)]);
        yield return Case("mean of all", () => [nn.AdaptiveAvgPool2d(1)]);
        yield return Case("sequence", () => [nn.Sequential(("a", nn.ReLU()), ("b", nn.Sequential(("c", nn.MaxPool2d(2)))))]);
        yield return Case("sum", () => [new Unit(shortcut: false), new Unit(shortcut: true)]);
        yield return Case("a rule of one's own", () => [nn.Softplus(2, 20)]);

        static TestCaseData Case(string name, Func<nn.Module<Tensor, Tensor>[]> make) => new TestCaseData(make).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Layers))]
    public void A_layer_is_computed_alike(Func<nn.Module<Tensor, Tensor>[]> make)
    {
        manual_seed(3);
        using var folder = new TemporaryFolder();
        using var network = new Layered(make());
        Exported.Scatter(network);
        var graph = OnnxGraph.Of(network, name => name);
        using (var file = File.Create(folder.File("a.onnx")))
            new OnnxFile(graph.Nodes, [.. graph.Weights], [])
            {
                InputShape = [3, Side, Side],
                OutputShape = [network.Size()],
                Producer = ("tests", "1"),
            }.Write(file);
        Assert.That(OnnxCheck.Compare(folder.File("a.onnx"), network, Side).Difference, Is.LessThan(1e-5));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case(() => nn.ELU(1.5), "layers.1 (ELU)", "there is no rule", "LayerGraph");
        yield return Case(() => nn.BatchNorm2d(3, track_running_stats: false), "layers.1 (BatchNorm2d)", "statistics of a batch");
        yield return Case(() => nn.Conv2d(3, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect), "layers.1 (Conv2d)", "Reflect");
        yield return Case(() => nn.MaxPool2d(2, ceil_mode: true), "layers.1 (MaxPool2d)", "ceil_mode");
        yield return Case(() => nn.AvgPool2d(2, ceil_mode: true), "layers.1 (AvgPool2d)", "ceil_mode");
        yield return Case(() => nn.AdaptiveAvgPool2d(2), "layers.1 (AdaptiveAvgPool2d)", "pooling to 2 x 2");
        yield return Case(() => nn.Flatten(2), "layers.1 (Flatten)", "dimensions 2 to -1");
        yield return Case(() => nn.Linear(3, 3), "layers.1 (Linear)", "4 dimensions", "Flatten");

        // made in the test: libtorch is not loaded yet while cases are listed
        static TestCaseData Case(Func<nn.Module<Tensor, Tensor>> make, params string[] words) =>
            new TestCaseData(make, words).SetArgDisplayNames(words[0]);
    }

    [TestCaseSource(nameof(Refused))]
    public void What_cannot_be_written_is_named(Func<nn.Module<Tensor, Tensor>> make, string[] words)
    {
        using var network = new Layered([nn.ReLU(), make()]);
        var problem = Assert.Throws<ArgumentException>(() => OnnxGraph.Of(network, name => name))!;
        foreach (var word in words) Assert.That(problem.Message, Does.Contain(word));
    }

    [Test]
    public void A_network_that_does_not_say_what_it_computes_is_refused()
    {
        using var silent = new Silent();
        Assert.That(() => OnnxGraph.Of(silent, name => name),
            Throws.ArgumentException.With.Message.Contains("Silent").And.Message.Contains("implement IComposed"));
        using var maps = new Layered([nn.ReLU()], flattened: false);
        Assert.That(() => OnnxGraph.Of(maps, name => name), Throws.ArgumentException.With.Message.Contains("4 dimensions, not N x D"));
    }

    /// <summary>Some layers, and rows at the end.</summary>
    private sealed class Layered : Backbone, IComposed
    {
        private readonly Sequential layers;
        private readonly Flatten rows = nn.Flatten();
        private readonly bool flattened;

        public Layered(nn.Module<Tensor, Tensor>[] parts, bool flattened = true) : base(nameof(Layered))
        {
            this.flattened = flattened;
            layers = nn.Sequential(parts);
            RegisterComponents();
        }

        public Composition Composition => flattened ? new Series(layers, rows) : new Series(layers);

        public override Tensor forward(Tensor images) => Composition.Run(images);

        public override IEnumerable<Parameter> EmbeddingLayer() => [];

        public long Size()
        {
            using var scope = NewDisposeScope();
            eval();
            return forward(zeros(2, 3, Side, Side)).shape[1];
        }
    }

    /// <summary>A residual unit of the user's own, which runs by its composition.</summary>
    private sealed class Unit : nn.Module<Tensor, Tensor>, IComposed
    {
        private readonly Sequential branch = nn.Sequential(("conv", nn.Conv2d(3, 3, 3, padding: 1)), ("bn", nn.BatchNorm2d(3)));
        private readonly Conv2d? shortcut;
        private readonly ReLU last = nn.ReLU();

        public Unit(bool shortcut) : base(nameof(Unit))
        {
            if (shortcut) this.shortcut = nn.Conv2d(3, 3, 1);
            RegisterComponents();
        }

        public Composition Composition => new ResidualSum(branch, shortcut, last);

        public override Tensor forward(Tensor x) => Composition.Run(x);
    }

    private sealed class Silent() : Backbone(nameof(Silent))
    {
        public override Tensor forward(Tensor images) => images.flatten(1);

        public override IEnumerable<Parameter> EmbeddingLayer() => [];
    }
}

/// <summary>A rule that is found by reflection in an assembly of a user's own: log(1 + exp(b x)) / b by four operations.</summary>
public sealed class SoftplusGraph : LayerGraph<Softplus>
{
    public override GraphValue Add(OnnxGraph graph, string name, Softplus layer, GraphValue x)
    {
        var scaled = graph.Add("Mul", $"{name}.scale", [x.Name, graph.Numbers($"{name}.beta", (float)layer.beta, 1)], x.Rank);
        var soft = graph.Add("Softplus", name, [scaled.Name], x.Rank);
        return graph.Add("Div", $"{name}.back", [soft.Name, graph.Numbers($"{name}.beta", (float)layer.beta, 1)], x.Rank);
    }
}
