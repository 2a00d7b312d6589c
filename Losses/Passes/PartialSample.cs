using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// Partial FC (An et al., Partial FC: Training 10 Million Identities on a Single Machine, ICCVW 2021): each step takes the
/// identities of the batch and draws others until a share of all is reached. A draw depends only on the seed and the number of
/// draws before it, which is part of the loss's saved state; load it before the first pass.
/// </summary>
internal sealed class PartialSample
{
    /// <summary>Name of the buffer that counts draws.</summary>
    public const string Counter = "partialDraws";

    private readonly int classes, count;
    private readonly long seed;
    private long draws = -1; // copy of the saved counter, read once, so that no step waits for a device

    public PartialSample(int classes, HeadForm? form, double rate, long seed)
    {
        (this.classes, this.seed) = (classes, seed);
        // at least two identities, and as many as NPT needs
        var least = form is HingeForm { Negatives: var k } && k != NegativeCount.All ? k.Value + 1 : 2;
        count = Math.Min(classes, Math.Max(least, (int)Math.Ceiling(rate * classes)));
    }

    /// <summary>Draws for one pass.</summary>
    /// <param name="proxies">K x C x D.</param>
    /// <param name="counter">Draws so far, 1; counts this one in training.</param>
    public ProxyView Draw(Tensor proxies, Tensor labels, Tensor counter, bool training)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (draws < 0) draws = counter.item<long>();
        using var generator = new Generator((ulong)Mix(seed, draws), proxies.device); // on the device, so that nothing is copied
        if (training)
        {
            counter.add_(1);
            draws++;
        }

        var scores = rand(classes, ScalarType.Float32, proxies.device, generator: generator);
        scores.index_fill_(0, labels, 2); // the batch's own identities come first
        var (_, drawn) = scores.topk((int)Math.Min(classes, Math.Max(count, labels.shape[0])), 0);
        var (sorted, _) = drawn.sort();
        var places = searchsorted(sorted, labels);
        return ProxyView.Owning(proxies.index_select(1, sorted).view(-1, proxies.shape[2]), places, sorted);
    }

    /// <summary>Derives the seed of a draw (the finaliser of SplitMix64).</summary>
    private static long Mix(long seed, long draw)
    {
        var z = unchecked((ulong)seed + 0x9E3779B97F4A7C15UL * (ulong)(draw + 1));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return (long)((z ^ (z >> 31)) & long.MaxValue);
    }
}
