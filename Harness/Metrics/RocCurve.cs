using System.Buffers;
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
    private readonly RocPoint[] points;

    private RocCurve(RocPoint[] points, int genuine, int impostors) =>
        (this.points, Genuine, Impostors) = (points, genuine, impostors);

    public IReadOnlyList<RocPoint> Points => points;

    /// <summary>Pairs of one identity.</summary>
    public int Genuine { get; }

    /// <summary>Pairs of two identities.</summary>
    public int Impostors { get; }

    /// <summary>The points, for loops over all of them.</summary>
    internal ReadOnlySpan<RocPoint> Span => points;

    /// <summary>Builds the curve from one sort, O(N). Null if the test has one class only or all scores are equal.</summary>
    /// <exception cref="DataProblem">The scores are damaged (<see cref="ScoreCheck"/>).</exception>
    public static RocCurve? Build(PairScores scores)
    {
        scores.Check();
        if (!scores.CanSeparate()) return null;
        var pairs = SortedScores.Sort(scores);
        using var corners = new Corners(scores.Same);
        long falseAccepts = 0, trueAccepts = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            if (SortedScores.IsSame(pairs[i])) trueAccepts++;
            else falseAccepts++;
            if (i + 1 == pairs.Length || SortedScores.DistanceOf(pairs[i + 1]) != SortedScores.DistanceOf(pairs[i]))
                corners.Add((falseAccepts, trueAccepts));
        }

        return corners.Curve();
    }

    /// <summary>Builds the same curve from scores that were checked and are sorted already.</summary>
    internal static RocCurve? Build(PairScores scores, DistinctScores distinct)
    {
        if (!scores.CanSeparate()) return null;
        var sorted = distinct.Sorted;
        var same = scores.Same;
        using var corners = new Corners(same);
        long falseAccepts = 0, trueAccepts = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (same[DistinctScores.PairOf(sorted[i])]) trueAccepts++;
            else falseAccepts++;
            if (DistinctScores.IsLast(sorted, i)) corners.Add((falseAccepts, trueAccepts));
        }

        return corners.Curve();
    }

    /// <summary>
    /// Builds the curve with weighted pairs; O(N). Null if a class has no weight, or all weight is at one score.
    /// </summary>
    internal static RocCurve? Build(PairScores scores, DistinctScores distinct, long[] weights)
    {
        var (genuine, impostors) = distinct.Histogram(scores.Same, weights);
        using var corners = new Corners(scores.Same);
        long falseAccepts = 0, trueAccepts = 0;
        for (var rank = 0; rank < genuine.Length; rank++)
        {
            if (genuine[rank] == 0 && impostors[rank] == 0) continue;
            trueAccepts += genuine[rank];
            falseAccepts += impostors[rank];
            corners.Add((falseAccepts, trueAccepts));
        }

        return corners.Curve();
    }

    /// <summary>Gathers the corners of a curve in a buffer that many curves use in turn.</summary>
    private sealed class Corners : IDisposable
    {
        private readonly (long False, long True)[] kept;
        private readonly int genuine, impostors; // pairs
        private int count = 1;

        public Corners(bool[] same)
        {
            genuine = same.AsSpan().Count(true);
            impostors = same.Length - genuine;
            // a step up needs a genuine pair, a step to the right an impostor, and no two of a kind follow each other
            kept = ArrayPool<(long, long)>.Shared.Rent((int)Math.Min(Array.MaxLength, 2L * Math.Min(genuine, impostors) + 3));
            kept[0] = (0, 0);
        }

        public void Add((long False, long True) next)
        {
            if (count > 1 && IsInRun(kept[count - 2], kept[count - 1], next)) count--;
            kept[count++] = next;
        }

        /// <summary>Null for one class, or all pairs at one score.</summary>
        public RocCurve? Curve()
        {
            if (count == 1) return null;
            var (right, up) = kept[count - 1];
            if (up == 0 || right == 0 || count == 2) return null;
            var points = GC.AllocateUninitializedArray<RocPoint>(count);
            for (var i = 0; i < points.Length; i++) points[i] = new RocPoint((double)kept[i].False / right, (double)kept[i].True / up);
            return new RocCurve(points, genuine, impostors);
        }

        public void Dispose() => ArrayPool<(long, long)>.Shared.Return(kept);

        private static bool IsInRun((long False, long True) before, (long False, long True) middle, (long False, long True) after) =>
            (before.False == middle.False && middle.False == after.False) || (before.True == middle.True && middle.True == after.True);
    }
}
