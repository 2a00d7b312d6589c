using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>The size of a backbone and the cost of one image.</summary>
/// <param name="Parameters">Trainable and frozen values, without running statistics.</param>
/// <param name="MultiplyAdds">Multiply-adds of convolutions and matrix products for one image, without biases, normalisation and
/// activations.</param>
public sealed record BackboneCost(long Parameters, long MultiplyAdds)
{
    /// <summary>Counts on a forward pass of one image, on the CPU.</summary>
    /// <exception cref="NotSupportedException">A layer with parameters was not counted: <c>call</c> did not reach it, or there is no rule
    /// for its kind.</exception>
    public static BackboneCost Measure(BackboneOptions options, int resolution)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var backbone = options.Build(resolution);
        return Measure(backbone, resolution);
    }

    /// <summary>Counts the parameters of a backbone without a forward pass.</summary>
    public static long ParametersOf(BackboneOptions options, int resolution)
    {
        using var backbone = options.Build(resolution);
        return Values(backbone);
    }

    /// <inheritdoc cref="Measure(BackboneOptions, int)"/>
    internal static BackboneCost Measure(Backbone backbone, int resolution)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        long multiplyAdds = 0;
        var expected = new Dictionary<string, nn.Module>();
        foreach (var (name, module) in backbone.named_modules())
        {
            if (module is Conv2d convolution) Count(name, convolution, convolution.weight!, 1);  // N x channels x height x width
            else if (module is Linear linear) Count(name, linear, linear.weight!, ^1); // N x .. x features
            else if (!Light(module) && module.named_parameters(recurse: false).Any())
                throw Uncounted(name, module, "there is no rule for its multiply-adds; add one to BackboneCost");
        }

        backbone.eval();
        using var output = backbone.call(zeros(1, 3, resolution, resolution));
        if (expected.Count > 0)
            throw Uncounted(expected.First().Key, expected.First().Value,
                "the forward pass did not reach it; run the layer by its call method, not by forward, and leave out layers that are not " +
                "used");
        return new BackboneCost(Values(backbone), multiplyAdds);

        // each output value is a sum of as many products as the weight has for one output channel
        void Count(string name, nn.Module<Tensor, Tensor> layer, Tensor weight, Index channels)
        {
            expected.Add(name, layer);
            layer.register_forward_hook((_, _, result) =>
            {
                expected.Remove(name);
                multiplyAdds += result.numel() / result.shape[channels] * weight.numel();
                return result;
            });
        }
    }

    private static long Values(Backbone backbone) => backbone.parameters().Sum(parameter => parameter.numel());

    /// <summary>Whether a layer with parameters works on each value by itself; the field does not count those.</summary>
    private static bool Light(nn.Module module) =>
        module is BatchNorm1d or BatchNorm2d or LayerNorm or GroupNorm or InstanceNorm2d or PReLU;

    private static NotSupportedException Uncounted(string name, nn.Module layer, string why) =>
        new($"multiply-adds: layer {name} ({layer.GetName()}) has parameters and was not counted: {why}");
}
