using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>What a training set and a test have in common. If they share anything, the test's figures are not for unknown people.</summary>
/// <param name="Test">The test's name in tables.</param>
/// <param name="Identities">Persons of the test that are in the training set, by name; null if one of the two has no names.</param>
/// <param name="Images">Pictures of the test that are in the training set, by file or content; null if that is unknown.</param>
/// <param name="Examples">Some of the names, or of the pictures if no name is shared, in order.</param>
public sealed record DataOverlap(string Test, int? Identities, int? Images, IReadOnlyList<string> Examples)
{
    private const int Shown = 5;
    private static readonly string[] Common = ["identity", "person", "people", "subject", "class", "label", "face", "folder", "user"];

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsAny => Identities > 0 || Images > 0;

    /// <summary>Compares the names of persons and the keys of pictures; decodes nothing.</summary>
    /// <param name="byContent">Whether to read files that may be copies of each other, too, and compare their bytes.</param>
    public static DataOverlap Find(FaceSource training, FaceTest test, bool byContent = false)
    {
        var trained = Names(Enumerable.Range(0, training.Identities).Select(training.PersonName));
        var tested = Names(Enumerable.Range(0, test.ImageCount).Select(test.PersonName));
        var shared = tested.Where(person => trained.ContainsKey(person.Key)).Select(person => person.Value).Order(StringComparer.Ordinal)
            .ToList();
        // numbers with a letter (n000001) of another set say nothing; the same ones in both do
        if (shared.Count == 0 && !(trained.Values.Any(IsName) && tested.Values.Any(IsName))) shared = null;
        var images = PictureKeys.Shared(training, test, byContent);
        return new DataOverlap(test.Name, shared?.Count, images?.Count,
            [.. (shared is { Count: > 0 } ? shared : images ?? []).Take(Shown)]);
    }

    /// <summary>Returns a line for a table; null if nothing is shared.</summary>
    public string? Warning()
    {
        string[] parts =
        [
            .. Identities > 0 ? [$"{Identities} identities"] : Array.Empty<string>(),
            .. Images > 0 ? [$"{Images} images"] : Array.Empty<string>(),
        ];
        return IsAny
            ? $"WARNING: {string.Join(" and ", parts)} of this test are also in the training set " +
                $"({string.Join(", ", Examples)}{(Math.Max(Identities ?? 0, Images ?? 0) > Examples.Count ? ", ..." : "")})." : null;
    }

    /// <summary>Maps normalised spelling to name; skips names without a letter, which are numbers.</summary>
    private static Dictionary<string, string> Names(IEnumerable<string?> names)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names.OfType<string>().Where(name => name.Any(char.IsLetter))) known.TryAdd(PlainName.Normalise(name), name);
        return known;
    }

    /// <summary>Whether this can be the name of a person in any set: a word without digits that is not only "person" or its like. Other
    /// words before a number say whose number it is.</summary>
    private static bool IsName(string name)
    {
        var words = new string([.. name.Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return !name.Any(char.IsDigit) || words.Any(word => word.Length > 2 && !word.Any(char.IsDigit)
            && !Common.Contains(word, StringComparer.OrdinalIgnoreCase));
    }
}
