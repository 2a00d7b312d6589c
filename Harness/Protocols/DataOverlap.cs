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
    private const int MostPictures = 2_000_000; // each costs one file access

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsAny => Identities > 0 || Images > 0;

    /// <summary>Compares the names of persons and the keys of pictures; decodes nothing.</summary>
    public static DataOverlap Find(FaceSource training, FaceTest test)
    {
        var trained = Names(Enumerable.Range(0, training.Identities).Select(training.PersonName));
        var tested = Names(Enumerable.Range(0, test.ImageCount).Select(test.PersonName));
        var shared = trained.Count == 0 || tested.Count == 0
            ? null : tested.Where(person => trained.ContainsKey(person.Key)).Select(person => person.Value).Order(StringComparer.Ordinal)
            .ToList();
        var images = SharedImages(training, test);
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

    private static List<string>? SharedImages(FaceSource training, FaceTest test)
    {
        if ((long)training.Count + test.ImageCount > MostPictures || training.Count == 0 || test.ImageCount == 0) return null;
        if (training.ImageKey(0) is not { } one || test.ImageKey(0) is not { } other || Kind(one) != Kind(other)) return null;
        var keys = Enumerable.Range(0, training.Count).Select(training.ImageKey).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, test.ImageCount).Where(image => test.ImageKey(image) is { } key && keys.Contains(key))
            .Select(test.ImageName).Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns the kind of a key; keys of different kinds (file, bytes) are never equal, even for one picture.</summary>
    private static string Kind(string key) => key[..key.IndexOf(' ', StringComparison.Ordinal)];
}
