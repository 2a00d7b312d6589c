using Ablation.Harness;
using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>Results of trials with pair tests.</summary>
internal static class PairResults
{
    /// <summary>Returns the scores of the first test.</summary>
    public static PairScores Pairs(this TrialOutput output) => (PairScores)output.Scores[0];

    public static PairScores Pairs(this TestScores scores) => (PairScores)scores;

    /// <summary>Returns truth, fold and the bits of the distance of every pair of every test.</summary>
    public static IEnumerable<(string, bool, int, int)> Bits(this TrialOutput output) =>
        output.Scores.Cast<PairScores>()
        .SelectMany(scores =>
            scores.SquaredDistance.Select((distance, i) =>
                (scores.Test, scores.Same[i], scores.Fold[i], BitConverter.SingleToInt32Bits(distance))));
}
