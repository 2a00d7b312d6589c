using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// Partial FC (An et al., Partial FC: Training 10 Million Identities on a Single Machine, ICCVW 2021): each step takes the
/// identities of the batch and draws others until a share of all is reached. The draw depends on the seed and the number of
/// draws before it alone, and that number is part of the loss's saved state; load it before the first pass.
/// </summary>
internal sealed class PartialSample
{
    private const string Counter = "partialDraws";
    private readonly FaceLoss loss;
    private readonly int count;
    private readonly long seed;
    private long draws = -1; // a copy of the saved counter, read once, so that no step waits for a device

    public PartialSample(FaceLoss loss, double rate, long seed)
    {
        this.loss = loss;
        this.seed = seed;
        // two identities at least, and as many as NPT asks for
        var least = loss.Form is HingeForm { Negatives: var k } && k != NegativeCount.All ? k.Value + 1 : 2;
        count = Math.Min(loss.Shape.Classes, Math.Max(least, (int)Math.Ceiling(rate * loss.Shape.Classes)));
        if (loss.get_buffer(Counter) is null) loss.register_buffer(Counter, zeros(1, ScalarType.Int64));
    }

    /// <summary>Draws for one pass. <paramref name="proxies"/> is C x D.</summary>
    public ProxyView Draw(Tensor proxies, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var counter = loss.get_buffer(Counter)!;
        if (draws < 0) draws = counter.item<long>();
        using var generator = new Generator((ulong)Mix(seed, draws), proxies.device); // there, so that nothing has to be copied
        if (loss.training)
        {
            counter.add_(1);
            draws++;
        }

        var scores = rand(loss.Shape.Classes, ScalarType.Float32, proxies.device, generator: generator);
        scores.index_fill_(0, labels, 2); // the batch's own identities come first, and there is room for all of them
        var (_, drawn) = scores.topk((int)Math.Min(loss.Shape.Classes, Math.Max(count, labels.shape[0])), 0);
        var (classes, _) = drawn.sort();
        var places = searchsorted(classes, labels);
        return ProxyView.Owning(proxies.index_select(0, classes), places, classes);
    }

    /// <summary>A seed of its own for every draw (the finaliser of SplitMix64).</summary>
    private static long Mix(long seed, long draw)
    {
        var z = unchecked((ulong)seed + 0x9E3779B97F4A7C15UL * (ulong)(draw + 1));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return (long)((z ^ (z >> 31)) & long.MaxValue);
    }
}
