namespace Ablation.Harness.Kernels;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, ICML 2015), a sum with a second input and a leaky activation in as few passes over
/// memory as possible: y = act(gamma (x - mean) / sqrt(var + eps) + beta + plus). Chunks of rows stay in the cache between
/// the passes; their sums are float32 within a chunk and float64 over chunks, in a fixed order, so that the number of threads
/// changes no bit. NaN stays NaN.
/// </summary>
internal static unsafe class NormActivation<T> where T : struct, IMapValues
{
    private const int ChunkValues = 16384; // 64 KiB of each map

    /// <summary>Returns mean and biased variance of each channel.</summary>
    public static (double[] Mean, double[] Variance) Statistics(Pixels x)
    {
        var (channels, chunk) = (x.Channels, Chunk(x.Channels));
        var chunks = (x.Rows + chunk - 1) / chunk;
        using var parts = new NativeFloats(2L * chunks * channels, "sums of a normalisation");
        Blocks.Each(chunks, (_, block) =>
        {
            var at = parts.At + 2L * block * channels;
            NormPasses<T>.Moments(x.Map + (nint)block * chunk * channels * T.Bytes, Math.Min(chunk, x.Rows - block * chunk), channels, at,
                at + channels);
        });

        var (mean, squares) = (new double[channels], new double[channels]);
        long before = 0;
        for (var block = 0; block < chunks; block++) // Chan, Golub and LeVeque 1979
        {
            var at = parts.At + 2L * block * channels;
            var rows = Math.Min(chunk, x.Rows - block * chunk);
            double share = (double)rows / (before + rows), cross = before * share;
            for (var c = 0; c < channels; c++)
            {
                var away = at[c] - mean[c];
                mean[c] += away * share;
                squares[c] += at[channels + c] + away * away * cross;
            }

            before += rows;
        }

        return (mean, Array.ConvertAll(squares, sum => sum / x.Rows));
    }

    /// <summary>Computes y from x, which may be the same memory.</summary>
    /// <param name="plus">Null for no second input.</param>
    /// <param name="slopes">C values; null for no activation.</param>
    public static void Forward(Pixels x, Pixels y, float[] scale, float[] shift, byte* plus, float[]? slopes) => Walk(x, (first, rows) =>
    {
        fixed (float* a = scale, b = shift, s = slopes)
            NormPasses<T>.Forward(x.Map + first, y.Map + first, rows, x.Channels, a, b, plus == null ? null : plus + first, s);
    });

    /// <summary>Returns sums over all pixels of dz, of dz (x - mean) and of dy min(z, 0), channel by channel.</summary>
    /// <param name="y">The output if a second input was added before the activation: then dz is written over dy. Otherwise
    /// null.</param>
    public static double[] Sums(Pixels x, byte* y, Pixels dy, float[] scale, float[] shift, double[] mean, float[]? slopes)
    {
        var (channels, chunk) = (x.Channels, Chunk(x.Channels));
        var chunks = (x.Rows + chunk - 1) / chunk;
        using var parts = new NativeFloats(3L * chunks * channels, "sums of a normalisation");
        var middle = Array.ConvertAll(mean, value => (float)value);
        Blocks.Each(chunks, (_, block) =>
        {
            var first = (nint)block * chunk * channels * T.Bytes;
            fixed (float* a = scale, b = shift, m = middle, s = slopes)
                NormPasses<T>.Sums(x.Map + first, y == null
                    ? null : y + first, dy.Map + first, Math.Min(chunk, x.Rows - block * chunk), channels, a, b, m, s,
                    parts.At + 3L * block * channels);
        });
        var sums = new double[3 * channels];
        for (var block = 0; block < chunks; block++)
        {
            var at = parts.At + 3L * block * channels;
            for (var i = 0; i < sums.Length; i++) sums[i] += at[i];
        }

        return sums;
    }

    /// <summary>Computes the gradient of x.</summary>
    /// <param name="dx">May be <paramref name="x"/>.</param>
    /// <param name="line">C values each of a, b and d in a dz + b x + d.</param>
    /// <param name="slopes">Null if <paramref name="dy"/> holds dz.</param>
    /// <param name="add">Whether it is added to what <paramref name="dx"/> holds.</param>
    public static void Gradient(Pixels x, Pixels dy, Pixels dx, float[] scale, float[] shift, float[]? slopes, float[] line, bool add) =>
        Walk(x, (first, rows) =>
    {
        fixed (float* a = scale, b = shift, s = slopes, l = line)
            NormPasses<T>.Gradient(x.Map + first, dy.Map + first, dx.Map + first, rows, x.Channels, a, b, s, l, add);
    });

    private static int Chunk(int channels) => Math.Max(1, ChunkValues / channels);

    private static void Walk(Pixels x, Action<nint, int> body)
    {
        var chunk = Chunk(x.Channels);
        Blocks.Each((x.Rows + chunk - 1) / chunk,
            (_, block) => body((nint)block * chunk * x.Channels * T.Bytes, Math.Min(chunk, x.Rows - block * chunk)));
    }
}
