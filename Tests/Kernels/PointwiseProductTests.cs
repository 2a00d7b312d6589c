using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Tests.Kernels;

/// <summary>1 x 1 convolutions of many channels with channels innermost, which oneDNN computes wrongly on some processors.</summary>
public sealed class PointwiseProductTests
{
    [TestCase(128, 512, 4, 1, 16)]
    [TestCase(256, 512, 4, 2, 4)]
    [TestCase(256, 512, 5, 2, 4)]
    [TestCase(512, 512, 2, 1, 16)]
    public void Value_and_gradients_are_those_in_float64(int from, int into, int pixels, int stride, int batch)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var layer = nn.Conv2d(from, into, 1, stride: stride, bias: false);
        var images = randn(batch, from, pixels, pixels);
        var x = ChannelsLast.Convert(images).detach().requires_grad_();
        Assert.That(PointwiseProduct.Takes(layer, x));
        var y = PointwiseProduct.Forward(layer, x);
        Assert.That(Pixels.IsChannelsLast(y.detach()));

        var (x64, w64) = (images.to(ScalarType.Float64).requires_grad_(), layer.weight!.detach().to(ScalarType.Float64).requires_grad_());
        var y64 = nn.functional.conv2d(x64, w64, strides: [stride, stride]);
        var slope = randn_like(y64);
        y64.backward([slope]);
        y.backward([ChannelsLast.Convert(slope.to(ScalarType.Float32))]);
        Assert.That(Away(y, y64), Is.LessThan(1e-5), "value");
        Assert.That(Away(x.grad!, x64.grad!), Is.LessThan(1e-5), "gradient of the input");
        Assert.That(Away(layer.weight!.grad!, w64.grad!), Is.LessThan(1e-5), "gradient of the weight");
    }

    [Test]
    public void Other_convolutions_are_left_to_libtorch()
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.Convert(randn(2, 64, 4, 4));
        Assert.That(PointwiseProduct.Takes(nn.Conv2d(64, 512, 1, bias: false), x));
        foreach (var other in new[] { nn.Conv2d(64, 256, 1, bias: false), nn.Conv2d(64, 512, 1),
            nn.Conv2d(64, 512, 3, padding: 1, bias: false), nn.Conv2d(64, 512, 1, groups: 64, bias: false),
            nn.Conv2d(64, 512, 1, padding: 1, bias: false) })
            Assert.That(PointwiseProduct.Takes(other, x), Is.False);
        Assert.That(PointwiseProduct.Takes(nn.Conv2d(64, 512, 1, bias: false), randn(2, 64, 4, 4)), Is.False, "channels first");
        using var half = Autocast.For(Precision.BFloat16, CPU);
        Assert.That(PointwiseProduct.Takes(nn.Conv2d(64, 512, 1, bias: false), x), Is.False, "bfloat16 is right");
    }

    /// <summary>A whole network in training, channels innermost and channels first: the values differ by rounding only.</summary>
    [TestCase(typeof(MobileFaceNetOptions), 16)]
    [TestCase(typeof(IResNetOptions), 4)]
    public void A_network_does_not_depend_on_the_order_of_its_memory(Type kind, int batch)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var options = (BackboneOptions)Activator.CreateInstance(kind)!;
        if (options is IResNetOptions deep) options = deep with { Depth = IResNetDepth.R18 };
        var images = randn(batch, 3, 32, 32);
        manual_seed(1);
        using var network = options.Build(32);
        network.train();
        var plain = network.call(images);
        ChannelsLast.Apply(network);
        Assert.That(Away(network.call(ChannelsLast.Convert(images)), plain), Is.LessThan(1e-3));
    }

    private static double Away(Tensor actual, Tensor expected)
    {
        var wanted = expected.detach().to(ScalarType.Float64);
        return ((actual.detach().to(ScalarType.Float64) - wanted).norm() / wanted.norm()).item<double>();
    }
}
