using Ablation.Harness.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ablation.Tests.Networks;

/// <summary>
/// Strided 1 x 1 convolutions of few channels, whose gradient oneDNN writes past its workspace: their replacement, and the check that no
/// network runs one in libtorch.
/// </summary>
public sealed class StridedPointwiseTests
{
    private static readonly Type[] Strided = [typeof(Conv2d)];
    private static readonly Type[] Split = [typeof(EveryPixel), typeof(Conv2d)];

    [TestCase(4, 2, ExpectedResult = 2)]
    [TestCase(15, 2, ExpectedResult = 2)]
    [TestCase(16, 2, ExpectedResult = 1)]
    [TestCase(4, 1, ExpectedResult = 1)]
    public int Few_channels_with_stride_take_two_layers(int channels, int stride)
    {
        var layers = StridedPointwise.Layers(channels, 32, stride);
        Assert.That(layers.Select(layer => layer.Layer.GetType()), Is.EqualTo(layers.Length == 1 ? Strided : Split));
        Assert.That(layers[^1].Name, Is.EqualTo("conv"), "the name that stored weights have");
        foreach (var (_, layer) in layers) layer.Dispose();
        return layers.Length;
    }

    [TestCase(2, 8)]
    [TestCase(2, 7)]
    [TestCase(3, 8)]
    public void Every_pixel_and_a_convolution_are_the_strided_convolution(int stride, int pixels)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var layers = StridedPointwise.Layers(4, 6, stride);
        using var split = Sequential(layers).to(ScalarType.Float64);
        var (maps, weight) = (randn(2, 4, pixels, pixels, ScalarType.Float64), ((Conv2d)layers[^1].Layer).weight!);
        var (ours, theirs) = (Parameter(maps.clone()), Parameter(maps.clone()));
        var other = Parameter(weight.detach().clone());

        var y = split.call(ours);
        var expected = functional.conv2d(theirs, other, strides: [stride, stride]); // channels first: a correct code path
        Assert.That(y.shape, Is.EqualTo(expected.shape));
        var slope = randn_like(expected);
        y.backward([slope]);
        expected.backward([slope]);

        Assert.That(Far(y, expected), Is.LessThan(1e-12));
        Assert.That(Far(ours.grad!, theirs.grad!), Is.LessThan(1e-12), "gradient of the maps");
        Assert.That(Far(weight.grad!, other.grad!), Is.LessThan(1e-12), "gradient of the weight");
    }

    [Test]
    public void A_network_that_would_corrupt_memory_is_refused_with_the_layers_name()
    {
        using var network = Sequential(("stem", Conv2d(3, 8, 3)), ("short", Conv2d(8, 16, 1, stride: 2)));
        Assert.That(() => ChannelsLast.Apply(network),
            Throws.ArgumentException.With.Message.Contains(": short: a 1 x 1 convolution of 8 channels with stride"));
    }

    [Test]
    public void Safe_layers_are_accepted()
    {
        using var network = Sequential(("wide", Conv2d(16, 16, 1, stride: 2)), ("dense", Conv2d(8, 8, 1)),
            ("patch", Conv2d(8, 8, 3, stride: 2)),
            ("depthwise", Conv2d(8, 8, 1, stride: 2, groups: 8)));
        Assert.That(() => ChannelsLast.Apply(network), Throws.Nothing);
    }

    [TestCase(4)]
    [TestCase(8)]
    [TestCase(12)]
    [TestCase(16)]
    public void The_small_network_of_any_width_is_accepted(int width)
    {
        using var network = new SmallOptions { Width = width, EmbeddingDimension = 16 }.Build(16);
        Assert.That(() => ChannelsLast.Apply(network), Throws.Nothing);
    }

    private static double Far(Tensor one, Tensor other) => (one - other).abs().max().item<double>();
}
