using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// Random numbers of images, from a seed and the number of the image alone: a hash of both, computed on the device. So nothing is copied,
/// a saved count is the whole state, and cutting a batch into micro-batches changes no draw.
/// </summary>
/// <param name="seed">Streams of two seeds are unrelated.</param>
internal sealed class DrawStream(long seed)
{
    private const long Word = 1L << 32;      // values of a 32-bit word
    private const int Bits = 24;             // a float32 represents them all
    private readonly (long Low, long High) key = Key(seed);

    /// <summary>Returns standard normal values, count, by the transform of Box and Muller (1958); none is beyond 5.8.</summary>
    /// <param name="first">Number of the first image, 1.</param>
    public Tensor Normal(Tensor first, long count, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var images = arange(count, ScalarType.Int64, first.device) + first.to(ScalarType.Int64);
        var radius = ((Words(images, 0) + 1).to(dtype) / (1 << Bits)).log().mul_(-2).sqrt_(); // of a value in (0, 1]
        var angle = Words(images, 1).to(dtype).mul_(2 * Math.PI / (1 << Bits));
        return (radius * angle.cos_()).MoveToOuterDisposeScope();
    }

    /// <summary>Returns 24 random bits per image.</summary>
    private Tensor Words(Tensor images, int part)
    {
        var low = Mix((images + (key.Low + part * 0x9E3779B9L)).remainder(Word));
        var high = images.div(Word, RoundingMode.floor) + key.High;
        return Mix((low + high).remainder(Word)).div(1L << (32 - Bits), RoundingMode.floor);
    }

    /// <summary>Hashes 32-bit words held as int64 (the finaliser "lowbias32" of C. Wellons' hash prospector, 2018).</summary>
    private static Tensor Mix(Tensor words)
    {
        words = words.bitwise_xor(words.div(1L << 16, RoundingMode.floor)).mul(0x7FEB352DL).remainder(Word);
        words = words.bitwise_xor(words.div(1L << 15, RoundingMode.floor)).mul(0x846CA68BL).remainder(Word); // the product may wrap
        return words.bitwise_xor(words.div(1L << 16, RoundingMode.floor));
    }

    /// <summary>Two words from the seed (the finaliser of SplitMix64).</summary>
    private static (long Low, long High) Key(long seed)
    {
        var z = unchecked((ulong)seed + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        z ^= z >> 31;
        return ((long)(z & uint.MaxValue), (long)(z >> 32));
    }
}
