using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Harness.Kernels.Search;

/// <summary>
/// Collects what 32 probes have found so far. A float32 score above a reference by more than its error is counted, sixteen at a time; one
/// that is too close, or may be among the best, is computed again in float64. A pass per reference costs the same whatever the scores.
/// </summary>
internal sealed unsafe class PanelScan
{
    private const int Lanes = TileProduct.Lanes;
    private const float Left = -2; // below every cosine: a probe's own row, which is neither counted nor kept
    private readonly float[] cut = new float[Lanes];
    private readonly int[] nextOwn = new int[Lanes];
    private readonly float[] low, high; // passes x 32: a float32 score between them may be on either side of the reference
    private readonly int[] above;       // passes x 32: entries before the reference
    private readonly TopScores[] best = new TopScores[Lanes], top = new TopScores[Lanes];
    private readonly IReadOnlyList<ProbeQuery> queries;
    private readonly float* probes, gallery;
    private readonly int first, count, dimension;
    private readonly double bound;
    private readonly HighestScores highest;

    /// <param name="probes">All of them, P x D.</param>
    /// <param name="first">The panel's first probe.</param>
    public PanelScan(float* probes, float* gallery, int dimension, IReadOnlyList<ProbeQuery> queries, int first, int topK,
        HighestScores highest)
    {
        this.probes = probes;
        this.gallery = gallery;
        (this.dimension, this.queries, this.first, this.highest) = (dimension, queries, first, highest);
        count = Math.Min(Lanes, queries.Count - first);
        bound = TileProduct.RoundingBound(dimension);
        var passes = Enumerable.Range(first, count).Max(probe => queries[probe].References.Count);
        (low, high, above) = (new float[passes * Lanes], new float[passes * Lanes], new int[passes * Lanes]);
        Array.Fill(low, float.PositiveInfinity); // nothing is counted or visited in a lane without a reference
        Array.Fill(high, float.PositiveInfinity);
        Array.Fill(cut, float.PositiveInfinity);
        for (var lane = 0; lane < count; lane++)
        {
            (best[lane], top[lane]) = (new TopScores(1), new TopScores(topK));
            for (var pass = 0; pass < queries[first + lane].References.Count; pass++)
            {
                var score = queries[first + lane].References[pass].Score;
                (low[pass * Lanes + lane], high[pass * Lanes + lane]) = (MathF.BitDecrement((float)(score - bound)),
                    MathF.BitIncrement((float)(score + bound)));
            }
        }
    }

    /// <param name="products">R x 32 scores of gallery rows from <paramref name="firstRow"/>; overwritten where rows are a probe's
    /// own.</param>
    public void Absorb(float* products, int rows, int firstRow)
    {
        for (var lane = 0; lane < count; lane++)
        {
            TakeOwn(lane, products, rows, firstRow);
            cut[lane] = Cut(lane);
        }

        for (var lane = 0; lane < count; lane += 16)
        {
            KeepBest(products + lane, rows, firstRow, lane);
            var passes = 0;
            for (var one = lane; one < Math.Min(count, lane + 16); one++) passes = Math.Max(passes, queries[first + one].References.Count);
            for (var pass = 0; pass < passes; pass++) Count(products + lane, rows, firstRow, lane, pass);
        }
    }

    /// <summary>Stores what has been found so far as the result of this level.</summary>
    /// <param name="referenceAt">Where each probe's references begin.</param>
    public void Snapshot(int level, int levels, int[] referenceAt, int[] before, double[] bestOther)
    {
        for (var lane = 0; lane < count; lane++)
        {
            var probe = first + lane;
            for (var pass = 0; pass < queries[probe].References.Count; pass++)
                before[(referenceAt[probe] + pass) * levels + level] = above[pass * Lanes + lane];
            bestOther[probe * levels + level] = best[lane].Count == 0 ? double.NegativeInfinity : best[lane][0].Score;
        }
    }

    public void WriteTop(int k, int[] rows, double[] scores)
    {
        for (var lane = 0; lane < count; lane++)
        {
            for (var place = 0; place < k; place++)
                (scores[(first + lane) * k + place], rows[(first + lane) * k + place]) = place < top[lane].Count
                    ? top[lane][place] : (double.NegativeInfinity, -1);
        }
    }

    private float Cut(int lane)
    {
        var least = Math.Min(Math.Min(best[lane].Least, top[lane].Least), highest.Least);
        return MathF.BitDecrement((float)(least - bound));
    }

    private double Exact(int lane, int row) =>
        TileProduct.Exact(probes + (long)(first + lane) * dimension, gallery + (long)row * dimension, dimension);

    private void TakeOwn(int lane, float* products, int rows, int firstRow)
    {
        var own = queries[first + lane].Own;
        for (ref var next = ref nextOwn[lane]; next < own.Count && own[next] < firstRow + rows; next++)
        {
            products[(own[next] - firstRow) * Lanes + lane] = Left;
            if (top[lane].Least < double.PositiveInfinity) top[lane].Offer(Exact(lane, own[next]), own[next]);
        }
    }

    /// <summary>Counts scores above the reference's margin and those not below it; where the two differ, a score lies within.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(float* products, int rows, int firstRow, int lane, int pass)
    {
        var at = pass * Lanes + lane;
        var lows = Vector512.LoadUnsafe(ref low[at]);
        var highs = Vector512.LoadUnsafe(ref high[at]);
        Vector512<int> sure = default, possible = default;
        for (var row = 0; row < rows; row++)
        {
            var score = Vector512.Load(products + row * Lanes);
            sure -= Vector512.GreaterThan(score, highs).AsInt32();
            possible -= Vector512.GreaterThanOrEqual(score, lows).AsInt32();
        }

        (sure + Vector512.LoadUnsafe(ref above[at])).StoreUnsafe(ref above[at]);
        for (var bits = Vector512.ExtractMostSignificantBits(sure - possible); bits != 0; bits &= bits - 1)
            Settle(products, rows, firstRow, lane, BitOperations.TrailingZeroCount(bits), pass);
    }

    /// <summary>Counts a lane's scores that lie within the margin.</summary>
    private void Settle(float* products, int rows, int firstRow, int lane, int bit, int pass)
    {
        var at = pass * Lanes + lane + bit;
        for (var row = 0; row < rows; row++)
        {
            var score = products[row * Lanes + bit];
            if (score >= low[at] && score <= high[at] && IsBefore(lane + bit, firstRow + row, pass)) above[at]++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsBefore(int lane, int row, int pass)
    {
        var reference = queries[first + lane].References[pass];
        var score = Exact(lane, row);
        return score > reference.Score || (score == reference.Score && row < reference.Position);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepBest(float* products, int rows, int firstRow, int lane)
    {
        var most = Vector512.Create(Left);
        for (var row = 0; row < rows; row++) most = Vector512.MaxNative(most, Vector512.Load(products + row * Lanes));
        for (var bits = Vector512.ExtractMostSignificantBits(Vector512.GreaterThanOrEqual(most, Vector512.LoadUnsafe(ref cut[lane]))); bits
            != 0; bits &= bits - 1)
        {
            var bit = BitOperations.TrailingZeroCount(bits);
            for (var row = 0; row < rows; row++)
            {
                var score = products[row * Lanes + bit];
                if (score >= cut[lane + bit] && score > Left) Keep(lane + bit, firstRow + row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep(int lane, int row)
    {
        var score = Exact(lane, row);
        best[lane].Offer(score, row);
        top[lane].Offer(score, row);
        highest.Offer(score);
        cut[lane] = Cut(lane);
    }
}
