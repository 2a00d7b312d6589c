using System.Buffers.Binary;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>Reads the truths of a verification file: Python booleans, 0 and 1, NumPy booleans and whole numbers, and arrays of
/// them.</summary>
internal sealed class PickleTruths(byte[] file, string path)
{
    private const string Write = "write the truths as a list of Python booleans: ", Cure = Write + "[bool(same) for same in issame]";

    /// <summary>Reads the truths of all pairs, in order.</summary>
    /// <exception cref="DataProblem">They are not a list or array, or one of them is neither true nor false.</exception>
    public bool[] Read(object? truths) => truths switch
    {
        List<object?> list => [.. list.Select(One)],
        object?[] tuple => [.. tuple.Select(One)],
        PickleArray { Type: { } type, Data: { } data, Shape: [long count, .. var rest] } when rest.All(side => side is 1L) =>
            Many(type, data, count),
        PickleArray array =>
            throw new DataProblem(path,
                $"the truths are a NumPy array of shape ({string.Join(", ", array.Shape)}); one per pair is expected", Cure),
        _ => throw new DataProblem(path, "the truths are neither a list nor a NumPy array", Cure),
    };

    private bool One(object? value, int pair) => value switch
    {
        bool same => same,
        0L => false,
        1L => true,
        PickleScalar scalar => Many(scalar.Type, scalar.Data, 1, pair)[0],
        double number => Truth(number, pair),
        _ => throw new DataProblem(path, $"the truth of pair {pair} is {Kind(value)}, neither true nor false", value switch
        {
            long => Write + Ones,
            PickleBytes { IsText: true } => Write + "[same == \"1\" for same in issame], with the text that stands for one person",
            PickleBytes => "the first list is that of the images, the second that of the truths",
            _ => Cure,
        }),
    };

    // bool(-1) is true
    private const string Ones = "[same == 1 for same in issame], with the number that stands for one person";

    private bool[] Many(PickleElementType type, PickleBytes data, long count, int first = 0)
    {
        var code = type.Code.TrimStart('|', '<', '>', '=');
        var size = code is "?"
            ? 1 : code.Length == 2 && char.IsAsciiDigit(code[1]) && code[0] is 'b' or 'i' or 'u' or 'f' ? code[1] - '0' : 0;
        if (size == 0) throw new DataProblem($"{path}@{data.Offset}", $"truths of NumPy's type {type.Code}", Cure);
        var bytes = data.IsText
            ? throw new DataProblem($"{path}@{data.Offset}", "text instead of the bytes of truths", Cure) : data.Read(file, path);
        if (bytes.Length != count * size)
            throw new DataProblem($"{path}@{data.Offset}", $"{bytes.Length} bytes for {count} truths of {size} bytes",
                "write the file again");
        var truths = new bool[count];
        for (var i = 0; i < truths.Length; i++)
            truths[i] = Truth(Number(code[0], bytes.Slice(i * size, size), type.IsBigEndian), first + i);
        return truths;
    }

    /// <summary>Returns the value, or NaN if the type has no such size.</summary>
    private static double Number(char kind, ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        Span<byte> low = stackalloc byte[8];
        bytes = bytes[..Math.Min(bytes.Length, low.Length)];
        bytes.CopyTo(low);
        if (isBigEndian) low[..bytes.Length].Reverse();
        var whole = BinaryPrimitives.ReadUInt64LittleEndian(low);
        var above = 64 - 8 * bytes.Length; // bits that a number of this type lacks
        return kind == 'i' ? (long)(whole << above) >> above : kind != 'f' ? whole : bytes.Length switch
        {
            2 => (double)BitConverter.UInt16BitsToHalf((ushort)whole),
            4 => BitConverter.UInt32BitsToSingle((uint)whole),
            8 => BitConverter.UInt64BitsToDouble(whole),
            _ => double.NaN,
        };
    }

    private bool Truth(double value, int pair) => value switch
    {
        0 => false,
        1 => true,
        _ => throw new DataProblem(path, $"the truth of pair {pair} is {value}, neither 0 nor 1", Write + Ones),
    };

    private static string Kind(object? value) => value switch
    {
        null => "None",
        long number => $"{number}",
        PickleBytes text => text.IsText ? "a text" : "bytes",
        PickleArray => "a NumPy array",
        _ => "something else",
    };
}
