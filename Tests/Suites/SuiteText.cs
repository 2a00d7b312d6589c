using Ablation.Experiments.Suites;

namespace Ablation.Tests.Suites;

/// <summary>The text of a small valid suite, and the error after a line of it is replaced.</summary>
internal static class SuiteText
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
        return refused.Message.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
