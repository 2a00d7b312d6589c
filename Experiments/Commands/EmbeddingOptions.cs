using System.CommandLine;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Commands;

/// <summary>Options of the commands that embed or evaluate.</summary>
internal static class EmbeddingOptions
{
    public static Option<DirectoryInfo?> Cache() =>
        new("--embedding-cache")
        {
            Description =
            "folder that keeps embeddings for later tests on the same pictures; the user's cache folder where left out"
        };

    public static Option<bool> NoCache() => new("--no-embedding-cache") { Description = "embeds every picture again, and keeps nothing" };

    public static Option<int?> Draws() =>
        new("--draws") { Description = "bootstrap draws of an interval, 0 for none; 1000 where left out, and none above a million pairs" };

    /// <summary>Those asked for, or as many as suit the scores.</summary>
    /// <exception cref="ArgumentException">A number below 0.</exception>
    public static int DrawsFor(TestScores scores, int? asked) => asked switch
    {
        < 0 => throw new ArgumentException($"--draws {asked}: must be 0 or more"),
        { } number => number,
        null => IdentityBootstrap.UsualDraws(scores is PairScores pairs ? pairs.Same.Length : 0),
    };

    public static Option<DirectoryInfo?> Curves() =>
        new("--curves") { Description = "folder for whole curves as CSV: roc-TEST.csv of pairs, cmc-TEST.csv of identification" };

    public static Option<int> Seed() => new("--seed") { Description = "of the draws", DefaultValueFactory = _ => 0 };

    public static EmbeddingCache? Open(DirectoryInfo? folder, bool none) =>
        none ? null : new EmbeddingCache(folder?.FullName ?? LocalCache.Folder("embeddings"), Console.Error.WriteLine);
}
