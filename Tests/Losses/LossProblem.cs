using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>A loss in float64 with random proxies, embeddings and labels, owned by the test.</summary>
public sealed class LossProblem : IDisposable
{
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

        Embeddings = randn(batch, dimension, ScalarType.Float64, generator: generator).requires_grad_();
        Labels = randint(0, classes, [batch], ScalarType.Int64, generator: generator);
    }

    public FaceLoss Loss { get; }

    public Tensor Embeddings { get; }

    public Tensor Labels { get; }

    /// <summary>Returns the value with the loss's counters at their first step.</summary>
    public double Value()
    {
        foreach (var (_, buffer) in Loss.named_buffers()) buffer.zero_();
        using var value = Loss.forward(Embeddings, Labels);
        return value.item<double>();
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
        return x.Select((row, i) => LossOracle.Sample(options, row, Rows(Loss.proxies), bias, (int)labels[i])).Average();
    }

    public void Dispose()
    {
        Loss.Dispose();
        Embeddings.Dispose();
        Labels.Dispose();
    }

    private static double[][] Rows(Tensor matrix) => matrix.detach().data<double>().ToArray().Chunk((int)matrix.shape[1]).ToArray();
}
