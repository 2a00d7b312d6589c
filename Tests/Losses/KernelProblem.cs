using System.Runtime.InteropServices;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>A loss with random proxies, embeddings and labels; every implementation can compute its pass.</summary>
public sealed class KernelProblem : IDisposable
{
    private readonly LossOptions options;
    private readonly LossShape shape;
    private readonly Dictionary<string, Tensor> values = [];

    /// <param name="dtype">The type that represents the numbers exactly.</param>
    /// <param name="labels">Null to draw them.</param>
    public KernelProblem(LossOptions options, int batch, int classes, int dimension, ScalarType dtype, int seed, long[]? labels = null)
    {
        (this.options, shape) = (options, new LossShape(classes, dimension));
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        using var loss = options.Build(shape);
        foreach (var (name, parameter) in loss.named_parameters())
            values[name] = randn(parameter.shape, ScalarType.Float64, generator: generator).to(dtype).DetachFromDisposeScope();
        Embeddings = randn(batch, dimension, ScalarType.Float64, generator: generator).to(dtype).DetachFromDisposeScope();
        Labels = (labels is null ? randint(0, classes, [batch], ScalarType.Int64, generator: generator) : tensor(labels))
            .DetachFromDisposeScope();
    }

    public Tensor Embeddings { get; }

    public Tensor Labels { get; }

    /// <summary>Scales a proxy, which keeps its direction.</summary>
    public void ShrinkProxy(long row, double factor) => values["proxies"][row] *= factor;

    /// <summary>Returns value and gradients of a pass in doubles, with the counters at their first step.</summary>
    public sealed record Outcome(double Value, double[] Embeddings, IReadOnlyDictionary<string, double[]> Parameters, HeadChoice Choice);

    /// <summary>The loss with this problem's parameters.</summary>
    public FaceLoss Build(HeadOptions head, ScalarType dtype)
    {
        var loss = (FaceLoss)options.Build(shape).to(dtype);
        using var grad = no_grad();
        foreach (var (name, parameter) in loss.named_parameters()) parameter.copy_(values[name]);
        loss.Configure(head, seed: 5);
        return loss;
    }

    public Outcome Run(HeadOptions head, ScalarType dtype, double share = 1)
    {
        using var scope = NewDisposeScope();
        using var loss = Build(head, dtype);
        var x = Embeddings.to(dtype).clone().requires_grad_();
        using var pass = loss.Begin(x, Labels);
        var value = pass.Value.to(ScalarType.Float64).item<double>();
        pass.Backward(share);
        loss.Gradient.Densify();
        return new Outcome(value, Doubles(x.grad!), loss.named_parameters()
            .ToDictionary(p => p.name, p => Doubles(p.parameter.grad!)), pass.Choice);
    }

    /// <summary>
    /// Returns the norm of the difference over the larger of the expected norm and 1e-4: the straight formulation rounds
    /// the small gradients of a saturated softmax (p - 1) to nothing, in float64 too, and the kernels do not.
    /// </summary>
    public static double Difference(double[] actual, double[] expected)
    {
        double square = 0, difference = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            square += expected[i] * expected[i];
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        }

        return actual.Length == expected.Length ? Math.Sqrt(difference) / Math.Max(1e-4, Math.Sqrt(square)) : double.NaN;
    }

    public void Dispose()
    {
        Embeddings.Dispose();
        Labels.Dispose();
        foreach (var value in values.Values) value.Dispose();
    }

    private static double[] Doubles(Tensor tensor) =>
        MemoryMarshal.Cast<byte, double>(tensor.detach().to(ScalarType.Float64).contiguous().bytes).ToArray();
}
