using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Networks;

/// <summary>
/// Every convolution that a network makes, alone: value and gradients with channels innermost in float32, as the loop computes them,
/// against libtorch's usual order in float64. oneDNN chooses its code by the shape, and for some shapes it is wrong.
/// </summary>
[Category("Slow")]
public sealed class ConvolutionOracleTests
{
    private const double Rounding = 2e-5;

    private static IEnumerable<BackboneOptions> Networks() => typeof(BackboneOptions).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(BackboneOptions)))
        .Select(type => (BackboneOptions)Activator.CreateInstance(type)!)
        .Concat([new SmallOptions { Width = 4, EmbeddingDimension = 16 }, new SmallOptions { Width = 8, EmbeddingDimension = 32 }]);

    [TestCaseSource(nameof(Networks))]
    public void Every_convolution_equals_float64(BackboneOptions options)
    {
        var wrong = new List<string>();
        foreach (var (pixels, batch) in new[] { (16, 4), (32, 8), (32, 33), (56, 4), (112, 2) })
        {
            if (options.Accepts(pixels)) wrong.AddRange(Wrong(options, pixels, batch));
        }

        Assert.That(wrong, Is.Empty);
    }

    private static IEnumerable<string> Wrong(BackboneOptions options, int pixels, int batch)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = options.Build(pixels);
        foreach (var (layer, shape) in Convolutions(network, pixels).DistinctBy(one => Describe(one.Layer, one.Shape)))
        {
            using var inner = NewDisposeScope();
            var images = randn([batch, .. shape.Skip(1)]);
            var x = ChannelsLast.Convert(images).detach().requires_grad_();
            foreach (var parameter in layer.parameters()) parameter.grad = null;
            var y = PointwiseProduct.Takes(layer, x) ? PointwiseProduct.Forward(layer, x) : layer.call(x);
            var slope = randn_like(y);
            y.backward([slope]);

            var x64 = images.to(ScalarType.Float64).requires_grad_();
            var w64 = layer.weight!.detach().to(ScalarType.Float64).contiguous().requires_grad_();
            var y64 = nn.functional.conv2d(x64, w64, layer.bias?.detach().to(ScalarType.Float64), layer.stride, layer.padding,
                layer.dilation, layer.groups);
            y64.backward([slope.to(ScalarType.Float64)]);
            foreach (var (what, away) in new[] { ("value", Away(y, y64)), ("gradient of x", Away(x.grad!, x64.grad!)),
                ("gradient of w", Away(layer.weight!.grad!, w64.grad!)) })
                if (!(away < Rounding)) yield return $"{Describe(layer, shape)} batch {batch}: {what} {away:E1}";
        }
    }

    private static List<(Conv2d Layer, long[] Shape)> Convolutions(nn.Module<Tensor, Tensor> network, int pixels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var found = new List<(Conv2d, long[])>();
        foreach (var layer in network.modules().OfType<Conv2d>())
            layer.register_forward_pre_hook((_, input) =>
            {
                found.Add((layer, input.shape));
                return input;
            });
        network.eval();
        network.call(randn(1, 3, pixels, pixels));
        return [.. found]; // the hooks stay
    }

    private static string Describe(Conv2d layer, long[] shape) =>
        $"{layer.in_channels} -> {layer.out_channels}, {layer.kernel_size![0]} x {layer.kernel_size[1]}, stride {layer.stride![0]}, " +
        $"groups {layer.groups}, {shape[2]} x {shape[3]}";

    private static double Away(Tensor value, Tensor exact)
    {
        var doubles = value.detach().to(ScalarType.Float64);
        return ((doubles - exact.detach()).norm() / exact.detach().norm()).item<double>();
    }
}
