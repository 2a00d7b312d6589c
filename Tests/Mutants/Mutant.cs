using System.Text.Json;

namespace Ablation.Tests.Mutants;

/// <summary>One change to the product that some test must notice.</summary>
/// <param name="File">Path relative to the repository, with forward slashes.</param>
/// <param name="Original">Text that occurs in the file exactly once.</param>
/// <param name="Mutated">The text that replaces it.</param>
/// <param name="Tests">Classes whose tests run against it, the most likely to fail first.</param>
/// <param name="Equivalent">Why no test can notice it; null if one must.</param>
internal sealed record Mutant(string File, string Original, string Mutated, IReadOnlyList<string> Tests, string? Equivalent = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The list, <c>Tests/Mutants/mutants.jsonc</c>.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
        JsonSerializer.Deserialize<List<Mutant>>(
            System.IO.File.ReadAllText(Path.Combine(Repository.Root, "Tests", "Mutants", "mutants.jsonc")), Options)!;

    /// <summary>Losses, Harness or Experiments.</summary>
    public string Project => File.Split('/')[0];

    /// <summary>Its key in the table.</summary>
    public (string File, string Original, string Mutated) Place => (File, Original, Mutated);

    /// <summary>Returns the text of the file with the change.</summary>
    /// <exception cref="InvalidDataException">The text does not occur exactly once.</exception>
    public string Source()
    {
        var source = System.IO.File.ReadAllText(Path.Combine(Repository.Root, File)).ReplaceLineEndings("\n");
        var at = source.IndexOf(Original, StringComparison.Ordinal);
        if (at < 0)
            throw new InvalidDataException($"{File}: \"{Original}\" does not occur; change the entry of Tests/Mutants/mutants.jsonc");
        if (source.IndexOf(Original, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidDataException($"{File}: \"{Original}\" occurs more than once; give more of the line");
        return string.Concat(source.AsSpan(0, at), Mutated, source.AsSpan(at + Original.Length));
    }
}
