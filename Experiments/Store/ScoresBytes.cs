using System.Buffers;
using System.Globalization;
using Ablation.Harness.Evaluation;

namespace Ablation.Experiments.Store;

/// <summary>
/// Reads the scores' file byte by byte as <see cref="ScoresCsv"/> writes it, some ten times as fast as by lines and cells: a report of ten
/// thousand trials reads tens of millions of rows. Whatever looks otherwise is left to the strict reader, which tells what is wrong, and where.
/// </summary>
internal static class ScoresBytes
{
    private const int MostDigits = 15; // a whole number of so many is exact as a double, and so is the power of ten: one division, rounded once
    private static readonly double[] Powers = [.. Enumerable.Range(0, MostDigits + 1).Select(power => Math.Pow(10, power))];

    /// <summary>Null where a byte is not as expected.</summary>
    public static PairScores? Read(string path, string test)
    {
        byte[] bytes = [];
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > int.MaxValue / 2) return null;
            bytes = ArrayPool<byte>.Shared.Rent((int)length + 1);
            var got = 0;
            for (int now; got < length && (now = RandomAccess.Read(file, bytes.AsSpan(got, (int)length - got), got)) > 0;) got += now;
            return got == length ? Parse(bytes.AsSpan(0, got), test) : null;
        }
        catch (IOException)
        {
            return null; // the strict reader finds the same
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static PairScores? Parse(ReadOnlySpan<byte> text, string test)
    {
        var header = "fold,same,squared_distance\n"u8;
        if (!text.StartsWith(header) || text[^1] != '\n') return null;
        text = text[header.Length..];
        var count = text.Count((byte)'\n');
        var (distance, same, fold, folds, at) = (new float[count], new bool[count], new int[count], 0, 0);
        for (var row = 0; row < count; row++)
        {
            var number = 0;
            var digits = 0;
            for (; at < text.Length && char.IsAsciiDigit((char)text[at]) && digits < 9; at++, digits++) number = 10 * number + text[at] - '0';
            if (digits == 0 || at + 3 >= text.Length || text[at] != ',' || text[at + 1] is not ((byte)'0' or (byte)'1') || text[at + 2] != ',') return null;
            (fold[row], same[row], folds) = (number, text[at + 1] == '1', Math.Max(folds, number + 1));
            at += 3;
            var cell = text[at..(at + text[at..].IndexOf((byte)'\n'))];
            if (Number(cell) is not { } value) return null;
            distance[row] = (float)value;
            at += cell.Length + 1;
        }

        return new PairScores(test, distance, same, fold, folds);
    }

    /// <summary>The double nearest to the cell, as parsing gives it.</summary>
    private static double? Number(ReadOnlySpan<byte> cell)
    {
        var (mantissa, decimals, digits) = (0L, -1, 0);
        foreach (var c in cell)
        {
            if (c == '.' && decimals < 0) decimals = 0;
            else if (c is >= (byte)'0' and <= (byte)'9' && digits++ < MostDigits)
            {
                mantissa = 10 * mantissa + c - '0';
                if (decimals >= 0) decimals++;
            }
            else return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null; // an exponent, a sign
        }

        return digits == 0 ? null : mantissa / Powers[Math.Max(0, decimals)];
    }
}
