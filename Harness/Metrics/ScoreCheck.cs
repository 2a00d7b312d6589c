using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>Checks the scores of a pair test before any figure is computed from them.</summary>
/// <remarks>
/// Damaged scores (arrays of different lengths, none at all, NaN, infinite, outside 0 .. 4, a fold that does not exist) are refused.
/// Intact scores that cannot support a figure (one class only, all scores equal, a fold without pairs) give <c>null</c>, printed n/a.
/// </remarks>
public static class ScoreCheck
{
    // 2 - 2 cos in float32 may leave 0 .. 4 by rounding; more than this means that embeddings were not normalised
    private const float Rounding = 0.001f;

    /// <exception cref="DataProblem">The scores are damaged; the message names the test and the pair.</exception>
    public static void Check(this PairScores scores)
    {
        var (pairs, truths, folds) = (scores.SquaredDistance.Length, scores.Same.Length, scores.Fold.Length);
        if (truths != pairs || folds != pairs)
            throw new DataProblem(scores.Test, $"{pairs} distances, {truths} labels and {folds} folds", "give one of each per pair");
        if (pairs == 0)
            throw new DataProblem(scores.Test, "there are no pairs", "read the protocol's list again");
        if (scores.Folds < 1)
            throw new DataProblem(scores.Test, $"{scores.Folds} folds", "give the protocol's number of folds, at least 1");

        if (scores.FoldDistance is { } foldDistances && foldDistances.LongLength != (long)pairs * scores.Folds)
            throw new DataProblem(scores.Test, $"{foldDistances.Length} distances by fold for {pairs} pairs and {scores.Folds} folds",
                "give one per pair and fold");
        if ((scores.FirstPerson ?? scores.SecondPerson) is not null
            && (scores.FirstPerson?.Length != pairs || scores.SecondPerson?.Length != pairs))
            throw new DataProblem(scores.Test,
                $"persons of {scores.FirstPerson?.Length ?? 0} first and {scores.SecondPerson?.Length ?? 0} second images for " +
                $"{pairs} pairs", "give both of each pair, or none");

        for (var pair = 0; pair < pairs; pair++)
        {
            var distance = scores.SquaredDistance[pair];
            if (!float.IsFinite(distance))
                throw new DataProblem(At(scores, pair), $"the squared distance is {distance}", "check whether the training diverged");
            if (distance is < -Rounding or > 4 + Rounding)
                throw new DataProblem(At(scores, pair), $"squared distance {distance} is outside 0 .. 4", "L2-normalise the embeddings");
            if (scores.Fold[pair] < 0 || scores.Fold[pair] >= scores.Folds)
                throw new DataProblem(At(scores, pair), $"fold {scores.Fold[pair]} of {scores.Folds}", "number the folds from 0");
        }
    }

    /// <summary>Returns whether a threshold means anything: there are pairs of both classes and at least two different scores.</summary>
    public static bool CanSeparate(this PairScores scores) =>
        scores.Same.Contains(true) && scores.Same.Contains(false)
        && scores.SquaredDistance.AsSpan().ContainsAnyExcept(scores.SquaredDistance[0]);

    private static string At(PairScores scores, int pair) => $"{scores.Test} pair {pair}";
}
