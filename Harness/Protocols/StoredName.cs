namespace Ablation.Harness.Protocols;

/// <summary>The name under which the scores of a part of a test are stored, and the names that clash.</summary>
public static class StoredName
{
    private const int Longest = 200; // characters; a file system takes 255, prefix and extension included

    /// <summary>Spells a name as part of a file name on every platform: "CFP-FP (own alignment)" is cfp-fp-own-alignment.</summary>
    public static string FileName(string name) =>
        string.Join('-', new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// Lists every name that two tests, or two parts of one, share in the tables or on disk, and those that no file can have.
    /// </summary>
    /// <param name="tests">Of one trial, in the order of the suite.</param>
    public static IEnumerable<string> Problems(IReadOnlyList<FaceTest> tests)
    {
        var named = tests.Index().SelectMany(test => test.Item.Parts.Select(part => (test.Index, Part: part))).ToList();
        foreach (var alike in tests.Index().GroupBy(test => test.Item.Name, StringComparer.OrdinalIgnoreCase)
            .Where(alike => alike.Count() > 1))
            yield return $"tests: {(alike.Count() == 2 ? "two" : alike.Count())} are called \"{alike.Key}\" " +
                $"({Places(alike.Select(test => test.Index))}), and scores are stored by name; leave one out, or give it another name " +
                $"where its kind has one";
        foreach (var alike in named.GroupBy(part => FileName(part.Part)).Where(alike => alike.Count() > 1))
        {
            var parts = alike.ToList();
            var places = parts.Select(part => part.Index).Distinct().ToList();
            // reported above
            if (places.Count > 1 && places.Select(place => tests[place].Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1)
                continue;
            yield return $"tests: {string.Join(" and ", parts.Select(part => $"\"{part.Part}\"").Distinct())} ({Places(places)}) would " +
                $"be stored in one file, scores-{alike.Key}.npz; give one of them another name (letters and digits of ASCII count, in " +
                $"either case)";
        }

        foreach (var (index, part) in named)
        {
            if (string.IsNullOrWhiteSpace(part))
                yield return $"tests: the name of {Places([index])} is blank; give one, or leave the key out";
            else if (FileName(part).Length > Longest)
                yield return $"tests: \"{part}\" ({Places([index])}) is longer than the {Longest} letters and digits that a file name " +
                    $"has room for; give a shorter name";
        }
    }

    private static string Places(IEnumerable<int> places) => string.Join(" and ", places.Select(place => $"tests[{place}]"));
}
