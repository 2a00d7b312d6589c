using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads and writes one array in NumPy's format (<c>.npy</c>, versions 1 to 3; numpy.lib.format): a magic number, a header with type and
/// shape, the values in C order. Writes version 1; reads the types of <see cref="Codes"/> in little-endian C order.
/// </summary>
public static partial class NpyArray
{
    private const int Chunk = 1 << 20;
    private const int MostHeaderBytes = 1 << 16;
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <summary>Element types and what NumPy calls them.</summary>
    public static readonly IReadOnlyDictionary<Type, string> Codes = new Dictionary<Type, string>
    {
        [typeof(float)] = "<f4",
        [typeof(double)] = "<f8",
        [typeof(int)] = "<i4",
        [typeof(long)] = "<i8",
        [typeof(short)] = "<i2",
        [typeof(byte)] = "|u1",
        [typeof(bool)] = "|b1",
    };

    /// <summary>Writes header and values.</summary>
    /// <param name="shape">Its product is the number of values.</param>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        long count = 1;
        foreach (var side in shape) count *= side;
        if (count != values.Length) throw new ArgumentException($"{values.Length} values for a shape of {count}");
        WriteHeader(stream, typeof(T), shape);
        WriteValues(stream, values);
    }

    /// <summary>Writes the header alone; values may follow in pieces.</summary>
    public static void WriteHeader(Stream stream, Type type, params ReadOnlySpan<long> shape)
    {
        var sides = new StringBuilder();
        foreach (var side in shape) sides.Append($"{side}, ");
        var tuple = shape.Length == 1 ? sides.ToString().TrimEnd() : sides.ToString().TrimEnd(' ', ',');
        var text = $"{{'descr': '{Codes[type]}', 'fortran_order': False, 'shape': ({tuple}), }}";
        text = text.PadRight((text.Length + 10 + 1 + 63) / 64 * 64 - 10 - 1) + "\n"; // values begin at a multiple of 64
        Span<byte> head = stackalloc byte[10];
        Magic.CopyTo(head);
        (head[6], head[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], (ushort)text.Length);
        stream.Write(head);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    public static void WriteValues<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("files are little-endian, and the machine must be too");
        for (var from = 0; from < values.Length; from += Chunk)
            stream.Write(MemoryMarshal.AsBytes(values[from..Math.Min(values.Length, from + Chunk)]));
    }

    /// <summary>Reads type and shape up to the first value.</summary>
    /// <exception cref="DataProblem">It is no such file, or of a type or order that is not read.</exception>
    public static (Type Type, long[] Shape) ReadHeader(Stream stream, string where)
    {
        var (code, isFortran, shape) = ReadAnyHeader(stream, where);
        if (Codes.FirstOrDefault(known => known.Value == code).Key is not { } type) throw Problem(where, $"values of type {code}");
        return isFortran ? throw Problem(where, "values in Fortran's order") : (type, shape);
    }

    /// <summary>Reads type (as NumPy writes it), order and shape up to the first value, whatever they are.</summary>
    /// <exception cref="DataProblem">It is no such file.</exception>
    internal static (string Code, bool IsFortran, long[] Shape) ReadAnyHeader(Stream stream, string where)
    {
        Span<byte> head = stackalloc byte[12];
        if (stream.ReadAtLeast(head[..10], 10, throwOnEndOfStream: false) < 10 || !head[..6].SequenceEqual(Magic))
            throw Problem(where, "not an array in NumPy's format");
        int length;
        if (head[6] == 1)
        {
            length = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        }
        else
        {
            if (head[6] is not (2 or 3) || stream.ReadAtLeast(head[10..], 2, throwOnEndOfStream: false) < 2)
                throw Problem(where, $"version {head[6]} of NumPy's format");
            length = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        }

        if (length is < 0 or > MostHeaderBytes) throw Problem(where, $"a header of {length} bytes");
        var bytes = new byte[length];
        if (stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length) throw Problem(where, "cut off within its header");
        var text = Encoding.UTF8.GetString(bytes);
        var found = Header().Match(text);
        if (!found.Success) throw Problem(where, $"header {text.Trim()}");
        var sides = found.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new long[sides.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            if (!long.TryParse(sides[i], NumberStyles.None, null, out shape[i]) || shape[i] > int.MaxValue)
                throw Problem(where, $"shape ({found.Groups["shape"].Value})");
        }

        if (shape.Aggregate(1.0, (product, side) => product * side) > Array.MaxLength)
            throw Problem(where, $"shape ({found.Groups["shape"].Value}): more values than an array can hold");
        return (found.Groups["descr"].Value, found.Groups["order"].Value == "True", shape);
    }

    /// <summary>Reads an array of any known type.</summary>
    /// <param name="most">Bytes that can follow; a header that promises more is refused before memory is allocated.</param>
    /// <exception cref="DataProblem">It is no such file, of a type or order that is not read, or cut off.</exception>
    public static StoredArray Read(Stream stream, string where, long most = long.MaxValue)
    {
        var (type, shape) = ReadHeader(stream, where);
        Array values = type == typeof(float) ? Values<float>(stream, where, shape, most)
            : type == typeof(double) ? Values<double>(stream, where, shape, most)
            : type == typeof(int) ? Values<int>(stream, where, shape, most)
            : type == typeof(long) ? Values<long>(stream, where, shape, most)
            : type == typeof(short) ? Values<short>(stream, where, shape, most)
            : type == typeof(byte) ? Values<byte>(stream, where, shape, most)
            : Values<bool>(stream, where, shape, most);
        return new StoredArray(values, shape);
    }

    private static T[] Values<T>(Stream stream, string where, long[] shape, long most) where T : unmanaged
    {
        var count = shape.Aggregate(1L, (product, side) => product * side);
        if (count * Unsafe.SizeOf<T>() > most) throw Problem(where, $"its header promises {count} values, and it is too short for them");
        var values = new T[count];
        for (var from = 0; from < values.Length; from += Chunk)
        {
            var part = MemoryMarshal.AsBytes(values.AsSpan(from, Math.Min(Chunk, values.Length - from)));
            if (stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
                throw Problem(where, $"cut off: its header promises {count} values");
        }

        if (values is bool[] truths && MemoryMarshal.AsBytes(truths.AsSpan()).ContainsAnyExceptInRange((byte)0, (byte)1))
            throw Problem(where, "a truth that is neither 0 nor 1");
        return values;
    }

    private static DataProblem Problem(string where, string what) =>
        new(where, what, "expected a .npy file of float32, float64, int16, int32, int64, uint8 or bool, little-endian, in C order");

    [GeneratedRegex(
        @"'descr'\s*:\s*'(?<descr>[^']*)'\s*,\s*'fortran_order'\s*:\s*(?<order>True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[^)]*)\)")]
    private static partial Regex Header();
}
