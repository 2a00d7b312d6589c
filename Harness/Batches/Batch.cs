namespace Ablation.Harness.Batches;

/// <summary>
/// Pictures for one step. The arrays are reused: a batch is valid until the next is taken. They hold a full batch, of which the first
/// <see cref="Count"/> pictures are used.
/// </summary>
public sealed class Batch(int capacity, int resolution, bool labelled)
{
    /// <summary>Pictures, 1 .. batch size.</summary>
    public int Count { get; internal set; }

    /// <summary>Pixels per side, p.</summary>
    public int Resolution { get; } = resolution;

    /// <summary>B x 3 x p x p: RGB planes, (value - 127.5) / 127.5.</summary>
    public float[] Pixels { get; } = new float[checked(capacity * 3 * resolution * resolution)];

    /// <summary>B classes; empty if pictures are read without labels.</summary>
    public long[] Labels { get; } = new long[labelled ? capacity : 0];

    /// <summary>B indices into the source or protocol.</summary>
    public int[] Indices { get; } = new int[capacity];

    /// <summary>Counted from 0.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Within the epoch, from 0.</summary>
    public int Step { get; internal set; }

    /// <summary>Returns the floats of picture <paramref name="item"/>: 3 x p x p.</summary>
    public Span<float> PixelsOf(int item) => Pixels.AsSpan(item * 3 * Resolution * Resolution, 3 * Resolution * Resolution);
}
