using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>A loss in float64 with random proxies, embeddings and labels, owned by the test.</summary>
public sealed class LossProblem : IDisposable
{
    private readonly Dictionary<string, Tensor> start = []; // of the buffers

    public LossProblem(LossOptions options, int batch, int classes, int dimension, int seed)
    {
        using var generator = new Generator((ulong)seed);
        Loss = (FaceLoss)options.Build(new LossShape(classes, dimension)).to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var parameter in Loss.parameters())
            {
                using var values = randn(parameter.shape, ScalarType.Float64, generator: generator);
                parameter.copy_(values);
            }
        }

        foreach (var (name, buffer) in Loss.named_buffers()) start[name] = buffer.clone();
        Embeddings = randn(batch, dimension, ScalarType.Float64, generator: generator).requires_grad_();
        Labels = randint(0, classes, [batch], ScalarType.Int64, generator: generator);
    }

    public FaceLoss Loss { get; }

    public Tensor Embeddings { get; }

    public Tensor Labels { get; }

    /// <summary>Returns the value with the loss's counters at their first step.</summary>
    public double Value()
    {
        Restart();
        using var value = Loss.forward(Embeddings, Labels);
        return value.item<double>();
    }

    /// <summary>Sets the loss's counters and running figures to those of the first step.</summary>
    public void Restart()
    {
        foreach (var (name, buffer) in Loss.named_buffers())
        {
            if (start.TryGetValue(name, out var first)) buffer.copy_(first);
            else buffer.zero_(); // of Partial FC
        }
    }

    /// <summary>Returns the value by the papers' equations.</summary>
    public double Oracle(LossOptions options)
    {
        var x = Rows(Embeddings);
        var labels = Labels.data<long>().ToArray();
        var bias = Loss.named_parameters().FirstOrDefault(p => p.name == "bias").parameter?.data<double>().ToArray() ?? [];
        if (options is ProxyAnchorOptions anchor)
            return PairwiseOracle.Anchors(anchor,
                [.. x.Select(row => Rows(Loss.proxies).Select(proxy => LossOracle.Cosine(row, proxy)).ToArray())], labels);
        return x.Select((row, i) => LossOracle.Sample(options, row, Rows(Loss.proxies), bias, (int)labels[i], i)).Average();
    }

    public void Dispose()
    {
        Loss.Dispose();
        foreach (var first in start.Values) first.Dispose();
        Embeddings.Dispose();
        Labels.Dispose();
    }

    private static double[][] Rows(Tensor matrix) => matrix.detach().data<double>().ToArray().Chunk((int)matrix.shape[1]).ToArray();
}
