using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Ablation.Tests.Kernels;

public sealed unsafe class WinogradTests
{
    [SetUp]
    public void NeedsVectors()
    {
        if (!MicroKernel.IsSupported) Assert.Ignore("this processor has no vectors for the kernels");
    }

    // odd and even sides, one pixel, more tiles than a block holds, sums longer than 256
    [TestCase(1, 32, 32, 1, 1)]
    [TestCase(2, 32, 64, 4, 5)]
    [TestCase(3, 64, 32, 7, 7)]
    [TestCase(5, 32, 32, 14, 13)]
    [TestCase(2, 512, 32, 6, 6)]
    [TestCase(40, 32, 32, 10, 10)]
    [TestCase(40, 256, 64, 10, 10)] // many channels, tiles in several rounds
    public void Equals_the_direct_convolution_in_doubles(int images, int inputs, int outputs, int height, int width)
    {
        using var scope = NewDisposeScope();
        manual_seed(images + inputs);
        var x = ChannelsLast.Convert(randn(images, inputs, height, width));
        var weight = ChannelsLast.Convert(randn(outputs, inputs, 3, 3));
        var dy = ChannelsLast.Convert(randn(images, outputs, height, width));
        var (xs, ws) = (x.to(ScalarType.Float64).requires_grad_(), weight.to(ScalarType.Float64).requires_grad_());
        var expected = nn.functional.conv2d(xs, ws, padding: [1, 1]);
        expected.backward([dy.to(ScalarType.Float64)]);

        var (y, dx, dw) = (Pixels.Empty(images, outputs, height, width), Pixels.Empty(images, inputs, height, width),
            Pixels.Empty(outputs, inputs, 3, 3));
        Winograd.Forward(Pixels.View(x), Pixels.View(weight).At, Pixels.View(y));
        Winograd.InputGradient(Pixels.View(dy), Pixels.View(weight).At, Pixels.View(dx), add: false);
        Winograd.WeightGradient(Pixels.View(x), Pixels.View(dy), Pixels.View(dw).At, add: false);
        Assert.Multiple(() =>
        {
            Assert.That(Apart(y, expected), Is.LessThan(3e-6));
            Assert.That(Apart(dx, xs.grad!), Is.LessThan(3e-6));
            Assert.That(Apart(dw, ws.grad!), Is.LessThan(3e-6));
        });

        Winograd.InputGradient(Pixels.View(dy), Pixels.View(weight).At, Pixels.View(dx), add: true);
        Winograd.WeightGradient(Pixels.View(x), Pixels.View(dy), Pixels.View(dw).At, add: true);
        Assert.Multiple(() =>
        {
            Assert.That(Apart(dx, xs.grad! * 2), Is.LessThan(3e-6), "added to the earlier gradient");
            Assert.That(Apart(dw, ws.grad! * 2), Is.LessThan(3e-6), "added to the earlier gradient");
        });
    }

    [Test]
    public void The_number_of_threads_changes_no_bit()
    {
        var before = get_num_threads();
        try
        {
            Assert.That(With(1), Is.EqualTo(With(2)).And.EqualTo(With(5)));
        }
        finally
        {
            set_num_threads(before);
        }

        static float[] With(int threads)
        {
            using var scope = NewDisposeScope();
            set_num_threads(threads);
            manual_seed(3);
            var x = ChannelsLast.Convert(randn(9, 32, 11, 11));
            var dy = ChannelsLast.Convert(randn(9, 64, 11, 11));
            var weight = ChannelsLast.Convert(randn(64, 32, 3, 3));
            var (y, dx, dw) = (Pixels.Empty(9, 64, 11, 11), Pixels.Empty(9, 32, 11, 11), Pixels.Empty(64, 32, 3, 3));
            Winograd.Forward(Pixels.View(x), Pixels.View(weight).At, Pixels.View(y));
            Winograd.InputGradient(Pixels.View(dy), Pixels.View(weight).At, Pixels.View(dx), add: false);
            Winograd.WeightGradient(Pixels.View(x), Pixels.View(dy), Pixels.View(dw).At, add: false);
            return cat([y.flatten(), dx.flatten(), dw.flatten()]).data<float>().ToArray();
        }
    }

    private static double Apart(Tensor found, Tensor expected) =>
        ((found.to(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>();
}
