using System.Buffers.Binary;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads a matrix of any of NumPy's floating types as float32, in either byte order, rows or columns first: float16 exactly, float64
/// (NumPy's default) rounded to nearest.
/// </summary>
public static class NpyMatrix
{
    private const string Cure = "save float32: numpy.save(path, array.astype(numpy.float32))";
    private const int Chunk = 1 << 16;

    /// <summary>Reads N x D values, row after row.</summary>
    /// <param name="length">Bytes of the whole stream: a header that promises more or less is refused before memory is allocated.</param>
    /// <exception cref="DataProblem">It is no such file, cut off, no matrix, of other values, or a value is beyond float32.</exception>
    public static (float[] Values, int Rows, int Columns) Read(Stream stream, string where, long length)
    {
        var (code, isFortran, shape) = NpyArray.ReadAnyHeader(stream, where);
        var size = code.TrimStart('<', '>', '=') is ['f', '2' or '4' or '8'] known
            ? known[1] - '0' : throw new DataProblem(where, $"values of NumPy's type {code}, and embeddings are float32", Cure);
        if (shape is not [> 0 and <= int.MaxValue, > 0 and <= int.MaxValue])
            throw new DataProblem(where, $"shape ({string.Join(", ", shape)})", "embeddings are a matrix, one row per image");
        var (rows, columns) = (shape[0], shape[1]);
        var (promised, there) = (rows * columns * size, length - stream.Position);
        if (promised != there)
        {
            throw new DataProblem(where,
                $"its header promises {rows} x {columns} values of {size} bytes, {promised} bytes, and {there} follow",
                promised > there ? "the file is cut off: write or copy it again" : "save one array a file");
        }

        var values = new float[rows * columns];
        var buffer = new byte[Chunk * size];
        for (long done = 0; done < values.LongLength;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(Chunk, values.LongLength - done) * size);
            stream.ReadExactly(part);
            for (var at = 0; at < part.Length; at += size, done++)
            {
                var value = Value(part.Slice(at, size), code[0] == '>');
                var single = (float)value;
                if (float.IsInfinity(single) && !double.IsInfinity(value))
                    throw new DataProblem(where, $"value {done} is {value}, beyond float32",
                        "scale the embeddings: only their directions count in most tests");
                values[isFortran ? done % rows * columns + done / rows : done] = single;
            }
        }

        return (values, (int)rows, (int)columns);
    }

    private static double Value(ReadOnlySpan<byte> bytes, bool isBigEndian) => (bytes.Length, isBigEndian) switch
    {
        (2, false) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        (2, true) => (double)BinaryPrimitives.ReadHalfBigEndian(bytes),
        (4, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (4, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
        (_, false) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (_, true) => BinaryPrimitives.ReadDoubleBigEndian(bytes),
    };
}
