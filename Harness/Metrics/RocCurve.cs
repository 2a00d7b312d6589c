using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>An operating point: the share of impostor pairs accepted and of genuine pairs accepted.</summary>
public readonly record struct RocPoint(double Far, double Tar);

/// <summary>
/// The receiver operating characteristic of a pair test, from (0, 0) to (1, 1); neither coordinate ever falls.
/// Only corners are kept: points within a horizontal or vertical run are redundant.
/// </summary>
/// <remarks>Pairs with equal distances are accepted together, so a tie of genuine and impostor pairs is a slanted step.</remarks>
public sealed class RocCurve
{
    private RocCurve(IReadOnlyList<RocPoint> points, int genuine, int impostors) =>
        (Points, Genuine, Impostors) = (points, genuine, impostors);

    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>Pairs of one identity.</summary>
    public int Genuine { get; }

    /// <summary>Pairs of two identities.</summary>
    public int Impostors { get; }

    /// <summary>Builds the curve from one sort, O(N). Null if the test has one class only or all scores are equal.</summary>
    /// <exception cref="DataProblem">The scores are damaged (<see cref="ScoreCheck"/>).</exception>
    public static RocCurve? Build(PairScores scores)
    {
        scores.Check();
        if (!scores.CanSeparate()) return null;
        var pairs = SortedScores.Sort(scores);
        var corners = Start();
        long falseAccepts = 0, trueAccepts = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            if (SortedScores.IsSame(pairs[i])) trueAccepts++;
            else falseAccepts++;
            if (i + 1 == pairs.Length || SortedScores.DistanceOf(pairs[i + 1]) != SortedScores.DistanceOf(pairs[i]))
                Add(corners, (falseAccepts, trueAccepts));
        }

        return Build(scores, corners);
    }

    /// <summary>
    /// Builds the curve with weighted pairs; O(N). Null if a class has no weight, or all weight is at one score.
    /// </summary>
    internal static RocCurve? Build(PairScores scores, DistinctScores distinct, long[] weights)
    {
        var (genuine, impostors) = distinct.Histogram(scores.Same, weights);
        var corners = Start();
        long falseAccepts = 0, trueAccepts = 0;
        for (var rank = 0; rank < genuine.Length; rank++)
        {
            if (genuine[rank] == 0 && impostors[rank] == 0) continue;
            trueAccepts += genuine[rank];
            falseAccepts += impostors[rank];
            Add(corners, (falseAccepts, trueAccepts));
        }

        return Build(scores, corners);
    }

    private static List<(long False, long True)> Start() => [(0, 0)];

    private static void Add(List<(long False, long True)> corners, (long False, long True) next)
    {
        if (corners.Count > 1 && IsInRun(corners[^2], corners[^1], next)) corners.RemoveAt(corners.Count - 1);
        corners.Add(next);
    }

    private static RocCurve? Build(PairScores scores, List<(long False, long True)> corners)
    {
        var (impostors, genuine) = corners[^1];
        if (genuine == 0 || impostors == 0 || corners.Count == 2) return null; // one class, or all pairs at one score
        var points = corners.ConvertAll(corner => new RocPoint((double)corner.False / impostors, (double)corner.True / genuine));
        var genuinePairs = scores.Same.AsSpan().Count(true);
        return new RocCurve(points, genuinePairs, scores.Same.Length - genuinePairs);
    }

    private static bool IsInRun((long False, long True) before, (long False, long True) middle, (long False, long True) after) =>
        (before.False == middle.False && middle.False == after.False) || (before.True == middle.True && middle.True == after.True);
}
