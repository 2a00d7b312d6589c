using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>
/// The words that people gave a trial: <c>tags.json</c> in its folder, outside the checksums of the result, so that a tag never changes a
/// result.
/// </summary>
public static class TrialTags
{
    public const string FileName = "tags.json";

    /// <summary>Reads the tags in alphabetical order; none if the file is missing.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; gives a remedy.</exception>
    public static IReadOnlyList<string> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return [];
        try
        {
            return SpecJson.Read<List<string>>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{path}: not a list of tags ({e.Message}); delete it and tag the trial again", e);
        }
    }

    /// <summary>Adds a tag to a trial, or removes it.</summary>
    /// <returns>Whether anything changed.</returns>
    /// <exception cref="ArgumentException">It cannot be a tag.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static bool Set(string folder, string tag, bool isPresent)
    {
        Check(tag);
        var before = Read(folder);
        if (before.Contains(tag) == isPresent) return false;
        List<string> after = [.. isPresent ? before.Append(tag).Order(StringComparer.Ordinal) : before.Where(one => one != tag)];
        if (after.Count > 0) AtomicFile.Write(Path.Combine(folder, FileName), SpecJson.Write(after) + "\n");
        else PatientFile.Delete(Path.Combine(folder, FileName));
        return true;
    }

    /// <exception cref="ArgumentException">It has a letter that a pattern, a list or a table would read otherwise.</exception>
    private static void Check(string tag)
    {
        if (tag.Length == 0 || !tag.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            throw new ArgumentException($"{tag}: no tag; a tag is one word of letters, digits, points, hyphens and underscores");
    }
}
