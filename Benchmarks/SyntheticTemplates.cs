using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Benchmarks;

/// <summary>
/// Draws embeddings for <see cref="SyntheticIjb"/> from a seed: a person's direction, weighted by template, and noise per template and per
/// image, so that TAR at low FAR lies well between 0 and 1.
/// </summary>
public static class SyntheticTemplates
{
    private const int Step = 4096; // images per write

    /// <summary>Writes images x <paramref name="dimension"/> float32, in the order of the images, as a .npy file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IjbSize size, int dimension, int seed)
    {
        var templateOf = new int[size.Images];
        var images = SyntheticIjb.ImagesOf(size, seed);
        for (int template = 0, image = 0; template < size.Templates; template++)
        {
            Array.Fill(templateOf, template, image, images[template]);
            image += images[template];
        }

        using var file = File.Create(path, 1 << 20);
        NpyArray.WriteHeader(file, typeof(float), size.Images, dimension);
        var rows = new float[Step * dimension];
        for (var from = 0; from < size.Images; from += Step)
        {
            var count = Math.Min(Step, size.Images - from);
            Parallel.For(0, count,
                i => Fill(rows.AsSpan(i * dimension, dimension), from + i, templateOf[from + i],
                    SyntheticIjb.SubjectOf(templateOf[from + i], size), seed));
            NpyArray.WriteValues<float>(file, rows.AsSpan(0, count * dimension));
        }
    }

    private static void Fill(Span<float> row, int image, int template, int subject, int seed)
    {
        var person = new RandomStream(seed, StreamPurpose.SyntheticIdentity, subject);
        var own = new RandomStream(seed, StreamPurpose.SyntheticImage, template, -1);
        var noise = new RandomStream(seed, StreamPurpose.SyntheticImage, template, image);
        var (likeness, quality) = ((float)(0.2 + 0.8 * own.NextUnit()), (float)(0.5 + noise.NextUnit()));
        for (var d = 0; d < row.Length; d += 4)
        {
            var (a, b, c) = (person.NextBits(), own.NextBits(), noise.NextBits());
            for (var i = d; i < Math.Min(row.Length, d + 4); i++, a >>= 16, b >>= 16, c >>= 16)
                row[i] = quality * (likeness * Signed(a) + Signed(b) + Signed(c));
        }
    }

    private static float Signed(ulong bits) => ((short)bits + 0.5f) / 32768;
}
