using Ablation.Harness.Networks;
using Ablation.Harness.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Weights;

/// <summary>Files in the namings of other code bases, read into our networks, compute what their own definitions compute.</summary>
public sealed class WeightNamesTests
{
    private const int Pixels = 32, Dimension = 8;
    private static readonly int[] R18 = [2, 2, 2, 2];
    private TemporaryFolder folder = null!;
    private DisposeScope scope = null!;

    [SetUp]
    public void Make() => (folder, scope) = (new TemporaryFolder(), NewDisposeScope());

    [TearDown]
    public void Remove()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [TestCase("", TestName = "arcface_torch")]
    [TestCase("module.", TestName = "arcface_torch of several processes", Category = "Slow")]
    [TestCase("features.module.", TestName = "MagFace")]
    public void ArcFace_torchs_IResNet(string prefix)
    {
        using var theirs = ForeignNetwork.ArcFace(R18, Dimension, Pixels);
        Same(new IResNetOptions { Depth = IResNetDepth.R18, EmbeddingDimension = Dimension }, theirs, prefix,
            x => theirs.ArcFaceForward(R18, x), "arcface_torch");
    }

    [TestCase("", true, false, TestName = "TFace's IR", Category = "Slow")]
    [TestCase("model.", true, false, TestName = "AdaFace's IR")]
    [TestCase("model.net.", true, false, TestName = "CVLface's IR", Category = "Slow")]
    [TestCase("", false, false, TestName = "CurricularFace's release")]
    [TestCase("", false, true, TestName = "face.evoLVe's IR with an affine last norm")]
    public void IR_networks(string prefix, bool middleNorm, bool lastAffine)
    {
        using var theirs = ForeignNetwork.Ir(R18, Dimension, Pixels, middleNorm, lastAffine);
        Same(new IResNetOptions
        {
            Depth = IResNetDepth.R18,
            EmbeddingDimension = Dimension,
            Shortcut = IResNetShortcut.Subsample,
            SkipMiddleNorm = !middleNorm,
        }, theirs, prefix, x => theirs.IrForward(R18, x, middleNorm), "IR");
    }

    [Test]
    public void Mbf()
    {
        using var theirs = ForeignNetwork.Mbf(Dimension, Pixels);
        Same(new MobileFaceNetOptions { Widths = MobileFaceNetWidths.Doubled, EmbeddingDimension = Dimension }, theirs, "",
            theirs.MbfForward, "arcface_torch mbf");
    }

    [TestCase(IResNetDepth.R34, new[] { 3, 4, 6, 3 })]
    [TestCase(IResNetDepth.R50, new[] { 3, 4, 14, 3 }, Category = "Slow")]
    [TestCase(IResNetDepth.R100, new[] { 3, 13, 30, 3 }, Category = "Slow")]
    [TestCase(IResNetDepth.R200, new[] { 6, 26, 60, 6 }, Category = "Slow")]
    public void The_names_of_a_depth_are_those_of_its_definition(IResNetDepth depth, int[] units)
    {
        using var theirs = ForeignNetwork.ArcFace(units, Dimension, Pixels);
        using var ir = ForeignNetwork.Ir(units, Dimension, Pixels, middleNorm: true, lastAffine: true);
        var options = new IResNetOptions { Depth = depth, EmbeddingDimension = Dimension };
        Names(options, "arcface_torch", theirs);
        Names(options with { Shortcut = IResNetShortcut.Subsample }, "IR", ir);

        static void Names(IResNetOptions options, string naming, ForeignNetwork theirs)
        {
            using var network = options.Build(Pixels);
            var ours = WeightLoader.Targets(network);
            var places = WeightNames.All.Single(names => names.Name == naming).Of(options, [.. ours.Keys]);
            var known = theirs.Weights.Where(one => !one.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList();
            Assert.That(places.Select(place => $"{place.Theirs} {string.Join(',', ours[place.Ours].shape)}"),
                Is.EquivalentTo(known.Select(one => $"{one.Key} {string.Join(',', one.Value.shape)}")));
        }
    }

    [Test]
    public void The_networks_of_a_naming_are_those_that_its_names_suit()
    {
        foreach (var names in WeightNames.All)
            Assert.That(names.Networks.Values, Is.Not.Empty.And.All.Matches<BackboneOptions>(one => names.Suits(one!)), names.Name);
    }

    /// <summary>Writes their weights, reads them into our network, and compares the forward passes.</summary>
    private void Same(BackboneOptions options, ForeignNetwork theirs, string prefix, Func<Tensor, Tensor> forward, string naming)
    {
        var path = folder.File("weights.pth");
        File.WriteAllBytes(path, TorchWriter.StateDict(theirs.Weights.Select(one => KeyValuePair.Create(prefix + one.Key, one.Value))));
        using var network = options.Build(Pixels);
        using var file = TensorSet.Open(path);
        var loaded = WeightLoader.Load(network, options, file);
        Assert.That((loaded.Names, loaded.Prefix), Is.EqualTo((naming, prefix)));
        Assert.That(loaded.Tensors, Is.EqualTo(theirs.Weights.Count(one => !one.Key.EndsWith("tracked", StringComparison.Ordinal))));
        network.eval();
        using var grad = no_grad();
        var images = randn(3, 3, Pixels, Pixels);
        var (expected, actual) = (forward(images), network.forward(images));
        var error = (expected - actual).abs().max().item<float>() / expected.abs().max().item<float>();
        Assert.That(error, Is.LessThan(1e-5));
        ChannelsLast.Apply(network);
        using (Chain.Inference()) actual = network.forward(ChannelsLast.Convert(images));
        error = (expected - actual).abs().max().item<float>() / expected.abs().max().item<float>();
        Assert.That(error, Is.LessThan(1e-4), "by the kernels of inference");
    }
}
