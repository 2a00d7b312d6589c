using Ablation.Harness.Native;
using Ablation.Losses;
using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>
/// Forward and backward of every loss found, beside the matrix products that a softmax over all proxies cannot avoid (one
/// B x D x C forward, two backward): the floor, and the baseline of the ratio column.
/// </summary>
public class LossBenchmark
{
    private const int Dimension = 512;
    private Tensor embeddings = null!, labels = null!, proxies = null!, outer = null!;
    private FaceLoss loss = null!;

    /// <summary>Every loss of the catalogue, with its defaults.</summary>
    public static IEnumerable<string> Losses => Catalog.Of<LossOptions>().Keys;

    [ParamsSource(nameof(Losses))]
    public string Loss { get; set; } = "";

    [Params(128)]
    public int Batch { get; set; }

    [Params(1000, 10572)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void Build()
    {
        TorchNative.Prepare();
        manual_seed(1);
        var options = (LossOptions)Activator.CreateInstance(Catalog.Of<LossOptions>()[Loss])!;
        loss = options.Build(new LossShape(Classes, Dimension));
        using var generator = new Generator(2);
        loss.InitialiseProxies(generator);
        embeddings = randn(Batch, Dimension).requires_grad_();
        labels = randint(0, Classes, Batch);
        proxies = randn(Classes, Dimension);
        outer = randn(Batch, Classes);
    }

    [Benchmark(Baseline = true, Description = "matrix products")]
    public void Floor()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        embeddings.matmul(proxies.t());
        outer.matmul(proxies);
        outer.t().matmul(embeddings);
    }

    [Benchmark(Description = "forward + backward")]
    public void ForwardBackward()
    {
        using var scope = NewDisposeScope();
        loss.forward(embeddings, labels).backward();
        embeddings.grad!.zero_();
        loss.zero_grad();
    }
}
