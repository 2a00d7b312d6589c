using Ablation.Harness.Export;
using Ablation.Harness.Export.Layers;
using Ablation.Harness.Formats;
using Ablation.Harness.Networks;
using Microsoft.ML.OnnxRuntime;

namespace Ablation.Tests.Export;

/// <summary>An exported ONNX file computes what the network computes, in ONNX Runtime, or it is not kept.</summary>
public sealed class OnnxTests
{
    private static IEnumerable<TestCaseData> Cases(int resolution) =>
        Exported.Families().Select(options => Exported.Case(options, resolution));

    [TestCaseSource(nameof(Cases), new object[] { 17 })]
    public void Every_family_is_computed_alike(BackboneOptions options, int resolution) => Compare(options, resolution);

    [Category("Slow"), TestCaseSource(nameof(Cases), new object[] { 32 })]
    public void Every_family_is_computed_alike_at_32_pixels(BackboneOptions options, int resolution) => Compare(options, resolution);

    [Category("Slow")]
    [TestCase(IResNetDepth.R50)]
    [TestCase(IResNetDepth.R100)]
    public void A_deep_network_in_full_size_is_computed_alike(IResNetDepth depth) => Compare(new IResNetOptions { Depth = depth }, 112);

    private static void Compare(BackboneOptions options, int resolution)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.onnx");
        var network = Exported.Network(options, resolution);
        using var backbone = network.Network;
        backbone.train();
        ExportFile.Write(network, new OnnxFormat(), FileNames.Own(network), path, replace: false);
        Assert.That(backbone.training, "its mode is restored");
        Assert.That(OnnxCheck.Compare(path, backbone, resolution).Difference, Is.LessThan(2e-5));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));

        using var session = new InferenceSession(path);
        var (input, output) = (session.InputMetadata.Single(), session.OutputMetadata.Single());
        Assert.That((input.Key, output.Key), Is.EqualTo(("input", "embedding")));
        Assert.That(input.Value.Dimensions, Is.EqualTo(new[] { -1, 3, resolution, resolution }), "any batch");
        Assert.That((input.Value.SymbolicDimensions[0], output.Value.SymbolicDimensions[0]), Is.EqualTo(("batch", "batch")));
        Assert.That(output.Value.Dimensions, Is.EqualTo(new[] { -1, options.EmbeddingDimension }));
        Assert.That(session.ModelMetadata.CustomMetadataMap, Is.EquivalentTo(Exported.Facts));
        Assert.That(session.ModelMetadata.ProducerName, Is.EqualTo("ablation"));
    }

    [Test]
    public void Weights_keep_their_names_and_norms_stay_apart()
    {
        var network = Exported.Network(new IResNetOptions { Depth = IResNetDepth.R18 }, 32);
        using var backbone = network.Network;
        var names = FileNames.Of("arcface_torch", network);
        var graph = OnnxGraph.Of(backbone, own => names[own]);
        var expected = backbone.state_dict().Keys.Where(key => !key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Select(own => names[own]);
        Assert.That(graph.Weights.Select(weight => weight.Name), Is.EquivalentTo(expected));
        Assert.That(graph.Nodes.Count(node => node.Operation == "BatchNormalization"),
            Is.EqualTo(backbone.modules().Count(module => module is TorchSharp.Modules.NormBase)));
        Assert.That(graph.Weights.Single(weight => weight.Name == "layer1.0.prelu.weight").Shape, Is.EqualTo(new long[] { 64, 1, 1 }));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Planted(new MapNormGraph(), node => node with { Attributes = [new OnnxAttribute("epsilon", 1e-3f)] }, "epsilon");
        yield return Planted(new RowNormGraph(), node => node with { Attributes = [new OnnxAttribute("epsilon", 1e-3f)] }, "last epsilon");
        yield return Planted(new LeakyReluGraph(), node => node with { Attributes = [new OnnxAttribute("alpha", 0.101f)] }, "slope");
        yield return Planted(new LeakyReluGraph(), node => node with { Operation = "Relu", Attributes = [] }, "activation");
        yield return Planted(new MapNormGraph(),
            node => node with { Inputs = [.. node.Inputs.Take(3), node.Inputs[4], node.Inputs[3]] }, "mean and variance swapped");
        yield return Planted(new LinearGraph(), node => node with { Operation = "NoSuchOperation", Attributes = [] }, "unknown operation");
    }

    [TestCaseSource(nameof(Wrong))]
    public void A_wrong_layer_makes_the_export_fail(LayerGraph planted)
    {
        using var folder = new TemporaryFolder();
        var network = Exported.Network(new SmallOptions { Width = 16 }, 32);
        using var backbone = network.Network;
        var kinds = LayerGraph.Known().ToDictionary();
        kinds[planted.Kind] = planted;
        Assert.That(() => ExportFile.Write(network, new OnnxFormat { Kinds = kinds }, FileNames.Own(network), folder.File("a.onnx"), false),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(folder.File("a.onnx"))
                .And.Message.Contains("ONNX Runtime").And.Message.Contains("not kept"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void A_wrong_weight_is_found()
    {
        using var folder = new TemporaryFolder();
        var network = Exported.Network(new SmallOptions(), 32);
        using var backbone = network.Network;
        ExportFile.Write(network, new OnnxFormat(), FileNames.Own(network), folder.File("a.onnx"), false);
        using (TorchSharp.torch.no_grad()) backbone.state_dict()["head.features.bias"].add_(1e-3f);
        Assert.That(OnnxCheck.Compare(folder.File("a.onnx"), backbone, 32).Difference, Is.GreaterThan(OnnxCheck.Tolerance));
    }

    private static TestCaseData Planted(LayerGraph right, Func<OnnxNode, OnnxNode> spoil, string name) =>
        new TestCaseData(new SpoiltGraph(right, spoil)).SetArgDisplayNames(name);

    /// <summary>Another rule's operation, changed. It has no constructor without arguments, so that no other test finds it.</summary>
    private sealed class SpoiltGraph(LayerGraph right, Func<OnnxNode, OnnxNode> spoil) : LayerGraph
    {
        public override Type Kind => right.Kind;

        internal override GraphValue AddTo(OnnxGraph graph, string name, TorchSharp.torch.nn.Module layer, GraphValue x)
        {
            var value = right.AddTo(graph, name, layer, x);
            graph.Replace(spoil(graph.Nodes[^1]));
            return value;
        }
    }
}
