namespace Ablation.Harness.Formats;

/// <summary>Types of values that the writers of weights know.</summary>
public enum WrittenKind
{
    Float32,
    Int64,
}

/// <summary>Receives bytes, piece by piece.</summary>
public delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>A tensor to be written to a file of weights.</summary>
/// <param name="Shape">Empty for a scalar.</param>
/// <param name="Write">Passes its values on, little-endian, the last dimension innermost.</param>
public sealed record WrittenTensor(string Name, WrittenKind Kind, IReadOnlyList<long> Shape, Action<ByteSink> Write)
{
    /// <summary>Number of values.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Size in a file.</summary>
    public long Bytes => checked(Count * Width);

    /// <summary>Bytes per value.</summary>
    public int Width => Kind == WrittenKind.Int64 ? sizeof(long) : sizeof(float);

    /// <summary>Writes the values, and checks that there are as many as the shape says.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer.</exception>
    public void WriteTo(ByteSink put)
    {
        long written = 0;
        Write(bytes =>
        {
            written += bytes.Length;
            put(bytes);
        });
        if (written != Bytes)
            throw new InvalidOperationException($"{Name} [{string.Join(", ", Shape)}]: {written} bytes were written, not {Bytes}");
    }
}
