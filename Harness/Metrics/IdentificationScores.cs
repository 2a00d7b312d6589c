using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>What counts as one identification trial.</summary>
public enum MateRule
{
    /// <summary>A probe; it succeeds if any of its mates is within the first k of the gallery (TinyFace, IJB).</summary>
    Any,

    /// <summary>A probe and one mate, in a gallery of that mate and the distractors without the other mates (MegaFace).</summary>
    EachAlone,
}

/// <summary>The raw result of a search of probes in a gallery, from which every figure can be computed again.</summary>
/// <param name="MateCount">P: mates of each probe in the gallery; 0 for a non-mated probe.</param>
/// <param name="MateScore">R: cosine of each mate with its probe, mates of a probe side by side, probes in order.</param>
/// <param name="Before">R x L: entries of other identities that rank before the mate.</param>
/// <param name="BestOther">P x L: the best score of another identity; minus infinity if the gallery has no other identity.</param>
/// <param name="Highest">For each level, the highest scores of other identities over all probes, falling: as many as there are mated
/// probes, or all; with <see cref="MateRule.EachAlone"/> as many as <see cref="DistractorVerification"/> needs.</param>
/// <param name="Distractors">L: distractors in the gallery, rising; empty for one level without a number.</param>
/// <param name="Ranks">The k of the rank-k figures, rising.</param>
public sealed record IdentificationScores(string Test, MateRule Mates, int[] MateCount, double[] MateScore, int[] Before,
    double[] BestOther, IReadOnlyList<double[]> Highest, int[] Distractors, int[] Ranks) : TestScores(Test)
{
    /// <exception cref="InvalidDataException">Something is missing, or arrays do not fit together.</exception>
    public IdentificationScores(StoredScores stored) : this(stored.Test,
        Enum.TryParse<MateRule>(stored.Word("mates"), out var rule) && Enum.IsDefined(rule)
            ? rule : throw new InvalidDataException(
                $"mates is \"{stored.Word("mates")}\", none of {string.Join(", ", Enum.GetNames<MateRule>())}"),
        stored.Array<int>("mate_count"), stored.Array<double>("mate_score"), stored.Array<int>("before"),
            stored.Array<double>("best_other"),
        Cut(stored.Array<double>("highest"), stored.Array<int>("highest_count")), stored.Array<int>("distractors"),
            stored.Array<int>("ranks"))
    {
        Person = stored.ArrayOrNull<int>("person");
        Gallery = stored.ArrayOrNull<int>("gallery");
        FalsePositiveRates = stored.ArrayOrNull<double>("false_positive_rates");
        (GalleryPixels, ProbePixels) = PixelsIn(stored);
        try
        {
            Check();
        }
        catch (DataProblem problem)
        {
            throw new InvalidDataException($"{problem.Where}: {problem.What}", problem);
        }
    }

    /// <summary>
    /// P: the person whom each probe shows, as numbered by the test; intervals are drawn over persons. Null if the test has no persons.
    /// </summary>
    public int[]? Person { get; init; }

    /// <summary>
    /// L: entries of the gallery that a probe is searched in, including its mates. Null in scores that were stored without it;
    /// <see cref="RankLimit.Entries"/> then gives a lower bound.
    /// </summary>
    public int[]? Gallery { get; init; }

    /// <summary>Shares of false positives, each in (0, 1), at which the protocol reports TPIR; null for the usual ones, and FNIR.</summary>
    public double[]? FalsePositiveRates { get; init; }

    public int Probes => MateCount.Length;

    /// <summary>At least 1.</summary>
    public int Levels => Highest.Count;

    /// <inheritdoc/>
    public override StoredScores Store()
    {
        var arrays = new Dictionary<string, StoredArray>
        {
            ["mate_count"] = StoredArray.FromArray(MateCount),
            ["mate_score"] = StoredArray.FromArray(MateScore),
            ["before"] = new StoredArray(Before, MateScore.Length, Levels),
            ["best_other"] = new StoredArray(BestOther, Probes, Levels),
            ["highest"] = StoredArray.FromArray(Highest.SelectMany(level => level).ToArray()),
            ["highest_count"] = StoredArray.FromArray(Highest.Select(level => level.Length).ToArray()),
            ["distractors"] = StoredArray.FromArray(Distractors),
            ["ranks"] = StoredArray.FromArray(Ranks),
        };
        if (Person is not null) arrays["person"] = StoredArray.FromArray(Person);
        if (Gallery is not null) arrays["gallery"] = StoredArray.FromArray(Gallery);
        if (FalsePositiveRates is not null) arrays["false_positive_rates"] = StoredArray.FromArray(FalsePositiveRates);
        return new StoredScores("Identification", Test, WithPixels(new() { ["mates"] = Mates.ToString() }), arrays);
    }

    /// <summary>Returns "rank-1", or "rank-1 @ 10k distractors" if the test has levels.</summary>
    internal string Name(string figure, int level) =>
        Distractors.Length == 0 ? figure : $"{figure} @ {Short(Distractors[level])} distractors";

    /// <exception cref="DataProblem">There are no probes, arrays do not fit together, or a score is no cosine.</exception>
    internal void Check()
    {
        const string Cure = "evaluate again";
        if (Probes == 0) throw new DataProblem(Test, "there are no probes", "read the protocol's lists again");
        var mates = MateCount.Sum(count => (long)count);
        if (MateCount.Any(count => count < 0) || mates != MateScore.Length)
            throw new DataProblem(Test, $"{MateScore.Length} scores of {mates} mates", Cure);
        if (Levels == 0 || Before.Length != mates * Levels || BestOther.Length != (long)Probes * Levels
            || (Distractors.Length != 0 && Distractors.Length != Levels) || (Person is not null && Person.Length != Probes))
            throw new DataProblem(Test,
                $"{Before.Length} counts, {BestOther.Length} best scores, {Distractors.Length} numbers of distractors and " +
                $"{Person?.Length ?? Probes} persons for {Probes} probes, {mates} mates and {Levels} levels", Cure);
        if (MateScore.AsSpan().IndexOfAnyExceptInRange(-1.01, 1.01) is var bad and >= 0)
            throw new DataProblem($"{Test} mate {bad}", $"its score {MateScore[bad]} is no cosine", "check whether the training diverged");
        if (Array.FindIndex(BestOther, score => !(score <= 1.01)) is var wrong and >= 0)
            throw new DataProblem($"{Test} probe {wrong / Levels}", $"its best score {BestOther[wrong]} is no cosine",
                "check whether the training diverged");
        if (Gallery is not null && (Gallery.Length != Levels || Gallery.Any(entries => entries < 1)))
            throw new DataProblem(Test, $"{Gallery.Length} sizes of galleries for {Levels} levels, or one below 1", Cure);
        if (Before.Any(count => count < 0) || Ranks.Any(rank => rank < 1))
            throw new DataProblem(Test, "a count below 0, or a rank below 1", Cure);
    }

    private static string Short(int count) => count switch
    {
        >= 1_000_000 when count % 1_000_000 == 0 => $"{count / 1_000_000}M",
        >= 1000 when count % 1000 == 0 => $"{count / 1000}k",
        _ => count.ToString(),
    };

    private static double[][] Cut(double[] values, int[] counts)
    {
        if (counts.Any(count => count < 0) || counts.Sum(count => (long)count) != values.Length)
            throw new InvalidDataException($"{values.Length} highest scores are not those of the levels");
        var at = 0;
        return [.. counts.Select(count => values[at..(at += count)])];
    }
}
