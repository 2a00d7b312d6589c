namespace Ablation.Harness.Foundations;

/// <summary>
/// Random numbers addressed by (seed, purpose, a, b): the same address gives the same numbers on every platform, in any
/// order and on any thread. Integer arithmetic and exact divisions only.
/// </summary>
/// <remarks>SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
public sealed class RandomStream
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private ulong state;

    public RandomStream(long seed, StreamPurpose purpose, long a = 0, long b = 0)
    {
        state = Mix((ulong)seed + Gamma);
        state = Mix(state + (ulong)purpose * Gamma);
        state = Mix(state + (ulong)a * Gamma + 1);
        state = Mix(state + (ulong)b * Gamma + 2);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(state += Gamma);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [-1, 1).</summary>
    public double NextSigned() => NextUnit() * 2 - 1;

    /// <summary>Mean 0, deviation 1, within +-3.47: four uniforms summed, so that no logarithm is needed.</summary>
    public double NextBell()
    {
        var bits = NextBits();
        var sum = (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) + (int)(bits >> 32 & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) / 37837.5; // the deviation of the sum is 65536 / sqrt(3)
    }

    /// <summary>Uniform in 0 .. bound-1; its bias is below bound / 2^64.</summary>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextBits(), (ulong)bound, out _);
    }

    /// <summary>Shuffles in place (Fisher-Yates, from the end).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var chosen = NextBelow(last + 1);
            (items[last], items[chosen]) = (items[chosen], items[last]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
