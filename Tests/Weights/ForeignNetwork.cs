using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Ablation.Tests.Weights;

/// <summary>
/// The networks of other code bases, written from their definitions with their own names: random weights, and a forward pass in
/// evaluation mode from these weights alone.
/// </summary>
internal sealed class ForeignNetwork : IDisposable
{
    private const double Epsilon = 1e-5;
    private readonly Generator generator = new(7);

    public Dictionary<string, Tensor> Weights { get; } = new(StringComparer.Ordinal);

    /// <summary>arcface_torch's IResNet.</summary>
    public static ForeignNetwork ArcFace(int[] units, int dimension, int pixels)
    {
        var net = new ForeignNetwork();
        net.Convolution("conv1", 3, 64, 3);
        net.Norm("bn1", 64);
        net.Slopes("prelu", 64);
        var channels = 64;
        for (var stage = 1; stage <= 4; stage++)
        {
            var wide = 32 << stage;
            for (var unit = 0; unit < units[stage - 1]; unit++)
            {
                var name = $"layer{stage}.{unit}";
                net.Norm($"{name}.bn1", channels);
                net.Convolution($"{name}.conv1", channels, wide, 3);
                net.Norm($"{name}.bn2", wide);
                net.Slopes($"{name}.prelu", wide);
                net.Convolution($"{name}.conv2", wide, wide, 3);
                net.Norm($"{name}.bn3", wide);
                if (unit == 0)
                {
                    net.Convolution($"{name}.downsample.0", channels, wide, 1);
                    net.Norm($"{name}.downsample.1", wide);
                }

                channels = wide;
            }
        }

        net.Norm("bn2", 512);
        net.Matrix("fc", 512 * Last(pixels) * Last(pixels), dimension, bias: true);
        net.Norm("features", dimension);
        return net;
    }

    public Tensor ArcFaceForward(int[] units, Tensor x)
    {
        x = Prelu("prelu", Norm("bn1", Convolve("conv1", x)));
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var unit = 0; unit < units[stage - 1]; unit++)
            {
                var name = $"layer{stage}.{unit}";
                var stride = unit == 0 ? 2 : 1;
                var y = Convolve($"{name}.conv1", Norm($"{name}.bn1", x));
                y = Convolve($"{name}.conv2", Prelu($"{name}.prelu", Norm($"{name}.bn2", y)), stride);
                y = Norm($"{name}.bn3", y);
                x = y + (unit == 0 ? Norm($"{name}.downsample.1", Convolve($"{name}.downsample.0", x, 2)) : x);
            }
        }

        return Norm("features", Multiply("fc", Norm("bn2", x).flatten(1)));
    }

    /// <summary>The IR networks of AdaFace (with the middle norm) and of face.evoLVe (without).</summary>
    public static ForeignNetwork Ir(int[] units, int dimension, int pixels, bool middleNorm, bool lastAffine = false)
    {
        var net = new ForeignNetwork();
        net.Convolution("input_layer.0", 3, 64, 3);
        net.Norm("input_layer.1", 64);
        net.Slopes("input_layer.2", 64);
        var channels = 64;
        var number = 0;
        for (var stage = 1; stage <= 4; stage++)
        {
            var wide = 32 << stage;
            for (var unit = 0; unit < units[stage - 1]; unit++, number++)
            {
                var name = $"body.{number}.res_layer";
                var at = 0;
                net.Norm($"{name}.{at++}", channels);
                net.Convolution($"{name}.{at++}", channels, wide, 3);
                if (middleNorm) net.Norm($"{name}.{at++}", wide);
                net.Slopes($"{name}.{at++}", wide);
                net.Convolution($"{name}.{at++}", wide, wide, 3);
                net.Norm($"{name}.{at}", wide);
                if (channels != wide)
                {
                    net.Convolution($"body.{number}.shortcut_layer.0", channels, wide, 1);
                    net.Norm($"body.{number}.shortcut_layer.1", wide);
                }

                channels = wide;
            }
        }

        net.Norm("output_layer.0", 512);
        net.Matrix("output_layer.3", 512 * Last(pixels) * Last(pixels), dimension, bias: true);
        net.Norm("output_layer.4", dimension);
        if (lastAffine) return net;
        foreach (var name in (string[])["output_layer.4.weight", "output_layer.4.bias"])
            if (net.Weights.Remove(name, out var gone)) gone.Dispose();
        return net;
    }

    public Tensor IrForward(int[] units, Tensor x, bool middleNorm)
    {
        x = Prelu("input_layer.2", Norm("input_layer.1", Convolve("input_layer.0", x)));
        var number = 0;
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var unit = 0; unit < units[stage - 1]; unit++, number++)
            {
                var name = $"body.{number}.res_layer";
                var stride = unit == 0 ? 2 : 1;
                var at = 0;
                var y = Convolve($"{name}.{at + 1}", Norm($"{name}.{at}", x));
                at = 2;
                if (middleNorm) y = Norm($"{name}.{at++}", y);
                y = Prelu($"{name}.{at++}", y);
                y = Convolve($"{name}.{at++}", y, stride);
                y = Norm($"{name}.{at}", y);
                var shortcut = $"body.{number}.shortcut_layer";
                x = y + (Weights.ContainsKey($"{shortcut}.0.weight") ? Norm($"{shortcut}.1", Convolve($"{shortcut}.0", x, stride))
                    : F.max_pool2d(x, 1, stride));
            }
        }

        return Norm("output_layer.4", Multiply("output_layer.3", Norm("output_layer.0", x).flatten(1)));
    }

    /// <summary>arcface_torch's mbf: blocks 1, 4, 6, 2 and scale 2.</summary>
    public static ForeignNetwork Mbf(int dimension, int pixels)
    {
        var net = new ForeignNetwork();
        net.Block("layers.0", 3, 128, 3);
        net.Block("layers.1", 128, 128, 3, groups: 64);
        net.DepthWise("layers.2", 128, 128, 128);
        for (var i = 0; i < 4; i++) net.DepthWise($"layers.3.layers.{i}", 128, 128, 128);
        net.DepthWise("layers.4", 128, 256, 256);
        for (var i = 0; i < 6; i++) net.DepthWise($"layers.5.layers.{i}", 256, 256, 256);
        net.DepthWise("layers.6", 256, 256, 512);
        for (var i = 0; i < 2; i++) net.DepthWise($"layers.7.layers.{i}", 256, 256, 256);
        net.Block("conv_sep", 256, 512, 1);
        net.Convolution("features.layers.0.layers.0", 1, 512, Last(pixels));
        net.Norm("features.layers.0.layers.1", 512);
        net.Matrix("features.layers.2", 512, dimension, bias: false);
        net.Norm("features.layers.3", dimension);
        return net;
    }

    public Tensor MbfForward(Tensor x)
    {
        x = RunBlock("layers.0", x, 2);
        x = RunBlock("layers.1", x, 1, groups: 64);
        x = RunDepthWise("layers.2", x, 2);
        for (var i = 0; i < 4; i++) x = x + RunDepthWise($"layers.3.layers.{i}", x, 1);
        x = RunDepthWise("layers.4", x, 2);
        for (var i = 0; i < 6; i++) x = x + RunDepthWise($"layers.5.layers.{i}", x, 1);
        x = RunDepthWise("layers.6", x, 2);
        for (var i = 0; i < 2; i++) x = x + RunDepthWise($"layers.7.layers.{i}", x, 1);
        x = RunBlock("conv_sep", x, 1);
        x = F.conv2d(x, Weights["features.layers.0.layers.0.weight"], groups: 512);
        x = Norm("features.layers.0.layers.1", x).flatten(1);
        return Norm("features.layers.3", Multiply("features.layers.2", x));
    }

    public void Dispose()
    {
        foreach (var tensor in Weights.Values) tensor.Dispose();
        generator.Dispose();
    }

    private static int Last(int pixels) => (pixels + 15) / 16;

    private Tensor Random(params long[] shape) => randn(shape, generator: generator).DetachFromDisposeScope();

    private void Convolution(string name, int channels, int wide, int kernel) =>
        Weights[$"{name}.weight"] = Random(wide, channels, kernel, kernel).mul_(Math.Sqrt(2.0 / (channels * kernel * kernel)));

    private void Matrix(string name, int columns, int rows, bool bias)
    {
        Weights[$"{name}.weight"] = Random(rows, columns).mul_(Math.Sqrt(1.0 / columns));
        if (bias) Weights[$"{name}.bias"] = Random(rows);
    }

    private void Norm(string name, int channels)
    {
        Weights[$"{name}.weight"] = Random(channels).mul_(0.1).add_(1);
        Weights[$"{name}.bias"] = Random(channels).mul_(0.1);
        Weights[$"{name}.running_mean"] = Random(channels).mul_(0.1);
        Weights[$"{name}.running_var"] = Random(channels).abs_().mul_(0.2).add_(1);
        Weights[$"{name}.num_batches_tracked"] = tensor(3L).DetachFromDisposeScope();
    }

    private void Slopes(string name, int channels) => Weights[$"{name}.weight"] = Random(channels).mul_(0.1).add_(0.25);

    private void Block(string name, int channels, int wide, int kernel, int groups = 1)
    {
        Convolution($"{name}.layers.0", channels / groups, wide, kernel);
        Norm($"{name}.layers.1", wide);
        Slopes($"{name}.layers.2", wide);
    }

    private void DepthWise(string name, int channels, int wide, int groups)
    {
        Block($"{name}.layers.0", channels, groups, 1);
        Block($"{name}.layers.1", groups, groups, 3, groups);
        Convolution($"{name}.layers.2.layers.0", groups, wide, 1);
        Norm($"{name}.layers.2.layers.1", wide);
    }

    private Tensor Convolve(string name, Tensor x, int stride = 1, int groups = 1)
    {
        var weight = Weights[$"{name}.weight"];
        return F.conv2d(x, weight, strides: [stride, stride], padding: [weight.shape[2] / 2, weight.shape[2] / 2], groups: groups);
    }

    private Tensor Multiply(string name, Tensor x) => F.linear(x, Weights[$"{name}.weight"], Weights.GetValueOrDefault($"{name}.bias"));

    private Tensor Prelu(string name, Tensor x) => F.prelu(x, Weights[$"{name}.weight"]);

    private Tensor Norm(string name, Tensor x)
    {
        long[] shape = x.dim() == 4 ? [1, -1, 1, 1] : [1, -1];
        var y = (x - Weights[$"{name}.running_mean"].view(shape)) / (Weights[$"{name}.running_var"].view(shape) + Epsilon).sqrt();
        return Weights.TryGetValue($"{name}.weight", out var weight) ? y * weight.view(shape) + Weights[$"{name}.bias"].view(shape) : y;
    }

    private Tensor RunBlock(string name, Tensor x, int stride, int groups = 1) =>
        Prelu($"{name}.layers.2", Norm($"{name}.layers.1", Convolve($"{name}.layers.0", x, stride, groups)));

    private Tensor RunDepthWise(string name, Tensor x, int stride)
    {
        x = RunBlock($"{name}.layers.0", x, 1);
        x = RunBlock($"{name}.layers.1", x, stride, groups: (int)x.shape[1]);
        return Norm($"{name}.layers.2.layers.1", Convolve($"{name}.layers.2.layers.0", x));
    }
}
