using System.Runtime.InteropServices;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>A loss with random parameters, embeddings and labels in float32, which every implementation and device can compute.</summary>
internal sealed class HeadSample : IDisposable
{
    private readonly LossOptions options;
    private readonly LossShape shape;
    private readonly Dictionary<string, Tensor> values = [];
    private readonly Tensor embeddings, labels;

    public HeadSample(LossOptions options, int batch, LossShape shape)
    {
        (this.options, this.shape) = (options, shape);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var loss = options.Build(shape);
        foreach (var (name, parameter) in loss.named_parameters())
            values[name] = randn(parameter.shape, generator: generator).DetachFromDisposeScope();
        embeddings = randn(batch, shape.Dimension, generator: generator).DetachFromDisposeScope();
        labels = Labels(batch, shape.Classes).DetachFromDisposeScope();
    }

    /// <summary>Value and gradients of a pass.</summary>
    /// <param name="Gradients">By name: embeddings, and the parameters of the loss.</param>
    public sealed record Outcome(double Value, IReadOnlyDictionary<string, double[]> Gradients, HeadChoice Choice);

    /// <summary>Computes a pass on a device, and copies the results to the host.</summary>
    public Outcome Run(HeadOptions head, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        using var loss = options.Build(shape); // computes in the precision of the embeddings
        using (no_grad())
        {
            foreach (var (name, parameter) in loss.named_parameters()) parameter.copy_(values[name]);
        }

        loss.to(device);
        loss.Configure(head);
        var x = embeddings.to(dtype).to(device).clone().requires_grad_();
        using var pass = loss.Begin(x, labels.to(device));
        var value = Doubles(pass.Value)[0];
        pass.Backward();
        loss.Gradient.Densify();
        var gradients = loss.named_parameters().ToDictionary(p => p.name, p => Doubles(p.parameter.grad!));
        gradients["embeddings"] = Doubles(x.grad!);
        return new Outcome(value, gradients, pass.Choice);
    }

    public void Dispose()
    {
        embeddings.Dispose();
        labels.Dispose();
        foreach (var value in values.Values) value.Dispose();
    }

    /// <summary>Draws B identities, int64.</summary>
    internal static Tensor Labels(int batch, int classes)
    {
        var random = new Random(4);
        return tensor(Enumerable.Range(0, batch).Select(_ => (long)random.Next(classes)).ToArray());
    }

    /// <summary>Converts on the host: not every device has float64.</summary>
    internal static double[] Doubles(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, double>(tensor.detach().cpu().to(ScalarType.Float64).contiguous().bytes).ToArray();
    }
}
