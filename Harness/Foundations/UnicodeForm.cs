using System.Globalization;
using System.Text;

namespace Ablation.Harness.Foundations;

/// <summary>
/// Gives one spelling to texts that Unicode calls equivalent: "é" is one character in a list and two in a folder that macOS wrote. The
/// framework's Normalize returns its text unchanged under invariant globalisation, as used here; so the canonical decomposition (NFD) of
/// Unicode's annex 15 is done by its table.
/// </summary>
public static class UnicodeForm
{
    private const int HangulBase = 0xAC00, HangulCount = 11_172, VowelCount = 21, TailCount = 28;
    private static readonly Lazy<Table> Data = new(Load);

    private sealed record Table(IReadOnlyDictionary<int, int[]> Parts, IReadOnlyDictionary<int, byte> Classes);

    /// <summary>Returns the canonical decomposition (NFD): equal for all equivalent spellings, and for no others.</summary>
    public static string Decomposed(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, codes);
        Order(codes);
        var decomposed = new StringBuilder(codes.Count);
        foreach (var code in codes) decomposed.Append(new Rune(code).ToString());
        return decomposed.ToString();
    }

    /// <summary>Whether two texts differ at most in their Unicode form.</summary>
    public static bool AreEqual(string first, string second) => first == second || Decomposed(first) == Decomposed(second);

    private static void Decompose(int code, List<int> into)
    {
        if (code is >= HangulBase and < HangulBase + HangulCount)
        {
            var syllable = code - HangulBase;
            into.Add(0x1100 + syllable / (VowelCount * TailCount));
            into.Add(0x1161 + syllable / TailCount % VowelCount);
            if (syllable % TailCount > 0) into.Add(0x11A7 + syllable % TailCount);
        }
        else if (Data.Value.Parts.TryGetValue(code, out var parts))
        {
            foreach (var part in parts) Decompose(part, into);
        }
        else
        {
            into.Add(code);
        }
    }

    /// <summary>Sorts the marks after a letter by class, stably (annex 15, canonical ordering).</summary>
    private static void Order(List<int> codes)
    {
        for (var i = 1; i < codes.Count; i++)
        {
            var own = ClassOf(codes[i]);
            for (var at = i; own > 0 && at > 0 && ClassOf(codes[at - 1]) > own; at--)
                (codes[at - 1], codes[at]) = (codes[at], codes[at - 1]);
        }
    }

    private static byte ClassOf(int code) => Data.Value.Classes.GetValueOrDefault(code);

    private static Table Load()
    {
        using var stream = typeof(UnicodeForm).Assembly.GetManifestResourceStream("Ablation.Harness.Foundations.decompositions.txt")
            ?? throw new InvalidOperationException("the table of decompositions is not in the assembly");
        using var reader = new StreamReader(stream);
        var (parts, classes) = (new Dictionary<int, int[]>(), new Dictionary<int, byte>());
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var fields = line.Split(' ');
            if (fields[0].Split('-') is [var first, var last])
            {
                for (var code = Hex(first); code <= Hex(last); code++) classes.Add(code, byte.Parse(fields[1]));
            }
            else
            {
                parts.Add(Hex(fields[0]), Array.ConvertAll(fields[1..], Hex));
            }
        }

        return new Table(parts, classes);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier);
}
