using System.Text.RegularExpressions;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Suites;

/// <summary>The text of a small valid suite, and the error after a line of it is replaced.</summary>
internal static partial class SuiteText
{
    public static readonly string Good = """
        // a comment
        {
          "question": "Does it read?",
          "data": { "type": "Synthetic", "identities": 8, "imagesPerIdentity": 8, "resolution": 32 },
          "tests": [{ "type": "SyntheticPairs", "pairs": 100, "resolution": 32 }],
          "backbones": [{ "type": "Small", "width": 4, "embeddingDimension": 16 }],
          "resolutions": [16],
          "losses": [
            { "type": "Softmax" },
            { "type": "ArcFace", "scale": 16, "marginRadians": 0.4 }, /* a trailing comma: */
          ],
          "trainings": [
            { "epochs": 1, "batch": 16, "warmUpEpochs": 0.5,
              "schedule": { "type": "Cosine", "floor": 0.1 } }
          ],
          "seeds": [1, 2],
        }
        """;

    public static Suite Read(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("own.jsonc");
        File.WriteAllText(path, text);
        return SuiteFile.Read(path);
    }

    /// <summary>Returns the error for the suite with <paramref name="found"/> replaced, without the folder.</summary>
    public static string Refusal(string found, string replacement)
    {
        Assert.That(Good, Does.Contain(found), "the premise");
        return Refusal(Good.Replace(found, replacement, StringComparison.Ordinal));
    }

    public static string Refusal(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("own.jsonc");
        File.WriteAllText(path, text);
        var refused = Assert.Throws<SuiteException>(() => SuiteFile.Read(path))!;
        return Columns().Replace(refused.Message.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), "$1)");
    }

    /// <summary>Returns the problems without their places, which each of them has unless the suite lacks something.</summary>
    public static string Problem(string text)
    {
        var lines = Refusal(text).Split('\n');
        Assert.That(lines.Where(line => !line.Contains(": missing", StringComparison.Ordinal)), Is.All.Match(@"^own\.jsonc\(\d+\): "));
        return string.Join('\n', lines.Select(line => Lines().Replace(line, "own.jsonc: ")));
    }

    /// <inheritdoc cref="Problem(string)"/>
    public static string Problem(string found, string replacement)
    {
        Assert.That(Good, Does.Contain(found), "the premise");
        return Problem(Good.Replace(found, replacement, StringComparison.Ordinal));
    }

    /// <summary>Matches "(LINE,COLUMN)", the column apart: its tests are <see cref="SuitePlaceTests"/>.</summary>
    [GeneratedRegex(@"(?m)(?<=^own\.jsonc)(\(\d+),\d+\)")]
    private static partial Regex Columns();

    [GeneratedRegex(@"^own\.jsonc\(\d+\): ")]
    private static partial Regex Lines();
}
