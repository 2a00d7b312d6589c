using System.Security.Cryptography;
using System.Text;

namespace Ablation.Harness.Protocols;

/// <summary>Names the files of scores, and finds names that clash.</summary>
public static class StoredName
{
    private const int Readable = 100; // of a name of many parts
    private const int Longest = 200; // characters; file systems allow 255 with prefix and extension

    /// <summary>Spells a name as part of a file name on every platform: "CFP-FP (own alignment)" is cfp-fp-own-alignment.</summary>
    public static string FileName(string name) =>
        string.Join('-', new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The same for a name of many parts: a long one ends in a checksum of the whole, so that two of them differ.</summary>
    public static string Shortened(string name) => FileName(name) is { Length: > Readable } whole
        ? $"{whole[..Readable]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..8]}" : FileName(name);

    /// <summary>
    /// Lists every name that two tests, or two parts of one, share in the tables or on disk, and names that no file can have.
    /// </summary>
    /// <param name="tests">Of one trial, in the order of the suite.</param>
    public static IEnumerable<string> Problems(IReadOnlyList<FaceTest> tests)
    {
        var named = tests.Index().SelectMany(test => test.Item.Parts.Select(part => (test.Index, Part: part))).ToList();
        foreach (var clash in tests.Index().GroupBy(test => test.Item.Name, StringComparer.OrdinalIgnoreCase)
            .Where(clash => clash.Count() > 1))
            yield return $"tests: {(clash.Count() == 2 ? "two" : clash.Count())} are called \"{clash.Key}\" " +
                $"({Places(clash.Select(test => test.Index))}), and scores are stored by name; omit one, or set its name if its kind " +
                $"allows that";
        foreach (var clash in named.GroupBy(part => FileName(part.Part)).Where(clash => clash.Count() > 1))
        {
            var parts = clash.ToList();
            var places = parts.Select(part => part.Index).Distinct().ToList();
            // reported above
            if (places.Count > 1 && places.Select(place => tests[place].Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1)
                continue;
            yield return $"tests: {string.Join(" and ", parts.Select(part => $"\"{part.Part}\"").Distinct())} ({Places(places)}) would " +
                $"be stored in one file, scores-{clash.Key}.npz; give one of them another name (only ASCII letters and digits count, " +
                $"without case)";
        }

        foreach (var (index, part) in named)
        {
            if (string.IsNullOrWhiteSpace(part))
                yield return $"tests: the name of {Places([index])} is blank; give one, or omit the key";
            else if (FileName(part).Length > Longest)
                yield return $"tests: \"{part}\" ({Places([index])}) is longer than the {Longest} letters and digits allowed in a " +
                    $"file name; give a shorter name";
        }
    }

    private static string Places(IEnumerable<int> places) => string.Join(" and ", places.Select(place => $"tests[{place}]"));
}
