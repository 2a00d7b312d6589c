namespace Ablation.Harness.Formats;

/// <summary>A piece of a file, with the CRC-32 that the file states for it.</summary>
/// <param name="IsPacked">Whether its bytes are compressed, so that no tensor can be read from them.</param>
public readonly record struct FilePiece(long At, long Length, uint? Crc, bool IsPacked = false);

/// <summary>Where a file keeps a tensor. The values are read later, straight into their place.</summary>
/// <param name="Strides">Steps in elements, one per dimension.</param>
/// <param name="At">Byte of the file at which the first element lies.</param>
/// <param name="Piece">The piece of the file that the tensor lies in, which other tensors may share.</param>
public sealed record StoredTensor(string Name, TensorElement Element, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides, long At,
    FilePiece Piece)
{
    /// <summary>Number of elements; 1 for a scalar.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether its elements lie side by side, row after row.</summary>
    public bool IsRowMajor
    {
        get
        {
            var step = 1L;
            for (var i = Shape.Count - 1; i >= 0; step *= Shape[i--])
                if (Shape[i] > 1 && Strides[i] != step) return false;
            return true;
        }
    }

    /// <summary>Elements from the first to behind the last, those between included.</summary>
    public long Reach => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>The shape for messages: "64 x 3 x 3 x 3", "scalar".</summary>
    public string Size => SizeOf(Shape);

    /// <summary>Returns the strides of elements side by side.</summary>
    public static long[] RowMajor(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var step = 1L;
        for (var i = shape.Count - 1; i >= 0; step *= shape[i--]) strides[i] = step;
        return strides;
    }

    /// <summary>Writes a shape for messages.</summary>
    public static string SizeOf(IReadOnlyList<long> shape) => shape.Count == 0 ? "scalar" : string.Join(" x ", shape);

    /// <summary>Returns the number of elements, or null where it is negative or beyond what a file can hold.</summary>
    internal static long? CountOf(IReadOnlyList<long> shape)
    {
        UInt128 product = 1;
        if (shape.Any(size => size < 0)) return null;
        if (shape.Contains(0)) return 0;
        foreach (var size in shape)
        {
            product *= (ulong)size;
            if (product > 1UL << 48) return null;
        }

        return (long)product;
    }
}

/// <summary>The tensors of a file.</summary>
/// <param name="Format">The file's format: "pth" or "safetensors".</param>
/// <param name="Metadata">What the file says besides: notes of a safetensors file, numbers beside a state dict.</param>
public sealed record StoredTensors(string Format, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<StoredTensor> Tensors);
