using System.Diagnostics;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Passes;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>Runs a head with proxies, a batch and an optimiser as the training loop does.</summary>
internal sealed class LossHead : IDisposable
{
    private readonly FaceLoss loss;
    private readonly ProxySgd optimizer;
    // the last three are the results of the products, allocated beforehand
    private readonly Tensor embeddings, labels, proxies, logits, byRows, byProxies;

    public LossHead(LossCase one, MatmulPrecision precision)
    {
        manual_seed(1);
        loss = one.Loss.Build(new LossShape(one.Classes, one.Dimension));
        using (var generator = new Generator(2)) loss.InitialiseProxies(generator);
        loss.Configure(new HeadOptions
        {
            Implementation = one.Implementation,
            MatmulPrecision = one.Implementation == HeadImplementation.Straight ? MatmulPrecision.Highest : precision
        });
        optimizer = new ProxySgd(loss.Gradient, new SgdRule(0.9, true, 5e-4), lazy: false);
        embeddings = randn(one.Batch, one.Dimension).requires_grad_();
        labels = randint(0, one.Classes, one.Batch);
        var rows = loss.proxies.shape[0]; // K times the identities for a loss with K proxies of each
        proxies = randn(rows, one.Dimension);
        logits = randn(one.Batch, rows);
        (byRows, byProxies) = loss.Products == 1
            ? (empty(0), empty(0)) : (zeros(one.Batch, one.Dimension), zeros(rows, one.Dimension));
        using var grad = no_grad();
        loss.proxies.grad = zeros_like(loss.proxies); // allocated before anything is measured, since the gradient is a result
    }

    /// <summary>Products that this loss cannot avoid.</summary>
    public int Products => loss.Products;

    public Tensor Embeddings => embeddings;

    public Tensor Labels => labels;

    public Tensor Proxies => proxies;

    public void ForwardBackward()
    {
        using var scope = NewDisposeScope();
        Clear();
        using var pass = loss.Begin(embeddings, labels);
        pass.Backward();
    }

    /// <summary>Takes a step as the training loop does, and reads the clock between its parts.</summary>
    public LossLaps Run()
    {
        var start = Stopwatch.GetTimestamp();
        double forward;
        using (var scope = NewDisposeScope())
        {
            Clear();
            using var pass = loss.Begin(embeddings, labels);
            forward = Since(start);
            pass.Backward();
        }

        var both = Since(start);
        optimizer.Step(1e-6);
        return new LossLaps(forward, both, Since(start));
    }

    /// <summary>
    /// Computes the products through libtorch into allocated memory: one B x D x C forward, and two backward where the loss needs them.
    /// </summary>
    public void Floor()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        logits.addmm_(embeddings, proxies.t(), 0, 1);
        if (Products == 1) return;
        byRows.addmm_(logits, proxies, 0, 1);
        byProxies.addmm_(logits.t(), embeddings, 0, 1);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        loss.Dispose();
        foreach (var tensor in new[] { embeddings, labels, proxies, logits, byRows, byProxies }) tensor.Dispose();
    }

    private static double Since(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    private void Clear()
    {
        loss.Gradient.Clear();
        embeddings.grad?.zero_();
    }
}

/// <summary>Milliseconds from the start of a pass until the value, until all gradients, and until the proxies have moved.</summary>
public readonly record struct LossLaps(double Forward, double ForwardBackward, double Step)
{
    public static LossLaps operator +(LossLaps one, LossLaps other) =>
        new(one.Forward + other.Forward, one.ForwardBackward + other.ForwardBackward, one.Step + other.Step);

    public static LossLaps operator /(LossLaps sum, int count) => new(sum.Forward / count, sum.ForwardBackward / count, sum.Step / count);
}
