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
            "folder that keeps embeddings for later tests on the same pictures; the user's cache folder by default"
        };

    public static Option<bool> NoCache() => new("--no-embedding-cache") { Description = "embeds every picture again and caches nothing" };

    public static Option<int?> Draws() =>
        new("--draws") { Description = "bootstrap draws per interval, 0 for no intervals; 1000 by default, 0 above a million pairs" };

    /// <summary>Returns the given number of draws, or the default for these scores.</summary>
    /// <exception cref="ArgumentException"><paramref name="draws"/> is below 0.</exception>
    public static int DrawsFor(TestScores scores, int? draws) => draws switch
    {
        < 0 => throw new ArgumentException($"--draws {draws}: must be 0 or more"),
        { } number => number,
        null => IdentityBootstrap.UsualDraws(scores is PairScores pairs ? pairs.Same.Length : 0),
    };

    public static Option<DirectoryInfo?> Curves() =>
        new("--curves") { Description = "folder for complete curves as CSV: roc-TEST.csv for pairs, cmc-TEST.csv for identification" };

    public static Option<int> Seed() => new("--seed") { Description = "seed of the bootstrap draws", DefaultValueFactory = _ => 0 };

    public static EmbeddingCache? Open(DirectoryInfo? folder, bool none) =>
        none ? null : new EmbeddingCache(folder?.FullName ?? LocalCache.Folder("embeddings"), Console.Error.WriteLine);
}
