namespace Ablation.Harness.Evaluation;

/// <summary>An operating point: the share of impostor pairs accepted and of genuine pairs accepted.</summary>
public readonly record struct RocPoint(double Far, double Tar);

/// <summary>
/// The receiver operating characteristic of a pair test, from (0, 0) to (1, 1), both coordinates never falling.
/// Only corners are kept: inside a horizontal or vertical run no point says anything that its ends do not.
/// </summary>
/// <remarks>Pairs of one distance are accepted together, so a tie of genuine and impostor pairs is a slanted step.</remarks>
public sealed class RocCurve
{
    private RocCurve(IReadOnlyList<RocPoint> points, int genuine, int impostors) =>
        (Points, Genuine, Impostors) = (points, genuine, impostors);

    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>Pairs of one identity.</summary>
    public int Genuine { get; }

    /// <summary>Pairs of two identities.</summary>
    public int Impostors { get; }

    /// <summary>One sort. Null where the test has one class only or all scores are equal.</summary>
    /// <exception cref="Data.DataProblem">The scores are damaged (<see cref="ScoreCheck"/>).</exception>
    public static RocCurve? Of(PairScores scores)
    {
        scores.Check();
        if (!scores.CanSeparate()) return null;
        var pairs = SortedScores.Of(scores);
        var genuine = scores.Same.AsSpan().Count(true);
        var impostors = pairs.Length - genuine;

        var corners = new List<(int False, int True)> { (0, 0) };
        int falseAccepts = 0, trueAccepts = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            if (SortedScores.IsSame(pairs[i])) trueAccepts++;
            else falseAccepts++;
            if (i + 1 < pairs.Length && SortedScores.DistanceOf(pairs[i + 1]) == SortedScores.DistanceOf(pairs[i])) continue;
            if (corners.Count > 1 && IsInRun(corners[^2], corners[^1], (falseAccepts, trueAccepts))) corners.RemoveAt(corners.Count - 1);
            corners.Add((falseAccepts, trueAccepts));
        }

        var points = corners.ConvertAll(corner => new RocPoint((double)corner.False / impostors, (double)corner.True / genuine));
        return new RocCurve(points, genuine, impostors);
    }

    private static bool IsInRun((int False, int True) before, (int False, int True) middle, (int False, int True) after) =>
        (before.False == middle.False && middle.False == after.False) || (before.True == middle.True && middle.True == after.True);
}
