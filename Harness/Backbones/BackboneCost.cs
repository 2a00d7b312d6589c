using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Backbones;

/// <summary>What a backbone weighs and what one image costs.</summary>
/// <param name="Parameters">Trainable and frozen values, running statistics left out.</param>
/// <param name="MultiplyAdds">Multiply-adds of convolutions and matrix products for one image; normalisation and activations left out.</param>
public sealed record BackboneCost(long Parameters, long MultiplyAdds)
{
    /// <summary>Counted on a forward pass of one image, on the CPU.</summary>
    public static BackboneCost Of(BackboneOptions options, int resolution)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var backbone = options.Build(resolution);
        long multiplyAdds = 0;
        foreach (var module in backbone.modules())
        {
            if (module is Conv2d convolution)
                convolution.register_forward_hook((_, _, output) => Count(convolution.weight!.numel() * output.shape[2] * output.shape[3], output));
            else if (module is Linear linear)
                linear.register_forward_hook((_, _, output) => Count(linear.weight!.numel(), output));
        }

        backbone.eval();
        backbone.forward(zeros(1, 3, resolution, resolution));
        return new BackboneCost(backbone.parameters().Sum(parameter => parameter.numel()), multiplyAdds);

        Tensor Count(long products, Tensor output)
        {
            multiplyAdds += products;
            return output;
        }
    }
}
