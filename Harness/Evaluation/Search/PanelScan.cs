using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Harness.Evaluation.Search;

/// <summary>
/// What 32 probes have found so far. A float32 score above every reference by more than its error is counted sixteen at a time; one that might change
/// a decision is visited, and computed again in float64 where the float32 score does not settle it.
/// </summary>
internal sealed unsafe class PanelScan
{
    private const int Lanes = TileProduct.Lanes;
    private readonly float[] low = new float[Lanes], high = new float[Lanes], cut = new float[Lanes];
    private readonly int[] above = new int[Lanes], nextOwn = new int[Lanes];
    private readonly ReferenceCounts[] counts = new ReferenceCounts[Lanes];
    private readonly TopScores[] best = new TopScores[Lanes], top = new TopScores[Lanes];
    private readonly IReadOnlyList<ProbeQuery> queries;
    private readonly float* probes, gallery;
    private readonly int first, count, dimension;
    private readonly double bound;
    private readonly HighestScores highest;

    /// <param name="probes">All of them, P x D.</param>
    /// <param name="first">The panel's first probe.</param>
    public PanelScan(float* probes, float* gallery, int dimension, IReadOnlyList<ProbeQuery> queries, int first, int topK, HighestScores highest)
    {
        this.probes = probes;
        this.gallery = gallery;
        (this.dimension, this.queries, this.first, this.highest) = (dimension, queries, first, highest);
        count = Math.Min(Lanes, queries.Count - first);
        bound = TileProduct.RoundingBound(dimension);
        Array.Fill(low, float.PositiveInfinity); // nothing is counted or visited in a lane without a reference
        Array.Fill(high, float.PositiveInfinity);
        Array.Fill(cut, float.PositiveInfinity);
        for (var lane = 0; lane < count; lane++)
        {
            (best[lane], top[lane]) = (new TopScores(1), new TopScores(topK));
            var references = queries[first + lane].References;
            counts[lane] = new ReferenceCounts(references, bound);
            if (references.Count == 0) continue;
            low[lane] = MathF.BitDecrement((float)(references.Min(one => one.Score) - bound));
            high[lane] = MathF.BitIncrement((float)(references.Max(one => one.Score) + bound));
        }
    }

    /// <param name="products">R x 32 scores of gallery rows from <paramref name="firstRow"/>; written to where rows are a probe's own.</param>
    public void Absorb(float* products, int rows, int firstRow)
    {
        for (var lane = 0; lane < count; lane++)
        {
            TakeOwn(lane, products, rows, firstRow);
            cut[lane] = Cut(lane);
        }

        for (var lane = 0; lane < count; lane += 16) Scan(products + lane, rows, firstRow, lane);
    }

    /// <summary>What has been found so far is what this level says.</summary>
    /// <param name="referenceAt">Where each probe's references begin.</param>
    public void Snapshot(int level, int levels, int[] referenceAt, int[] before, double[] bestOther)
    {
        for (var lane = 0; lane < count; lane++)
        {
            var probe = first + lane;
            counts[lane].Write(above[lane], before.AsSpan(referenceAt[probe] * levels), level, levels);
            bestOther[probe * levels + level] = best[lane].Count == 0 ? double.NegativeInfinity : best[lane][0].Score;
        }
    }

    public void WriteTop(int k, int[] rows, double[] scores)
    {
        for (var lane = 0; lane < count; lane++)
        {
            for (var place = 0; place < k; place++)
                (scores[(first + lane) * k + place], rows[(first + lane) * k + place]) = place < top[lane].Count ? top[lane][place] : (double.NegativeInfinity, -1);
        }
    }

    private float Cut(int lane)
    {
        var least = Math.Min(Math.Min(best[lane].Least, top[lane].Least), highest.Least);
        return MathF.BitDecrement((float)(least - bound));
    }

    private double Exact(int lane, int row) => TileProduct.Exact(probes + (long)(first + lane) * dimension, gallery + (long)row * dimension, dimension);

    private void TakeOwn(int lane, float* products, int rows, int firstRow)
    {
        var own = queries[first + lane].Own;
        for (ref var next = ref nextOwn[lane]; next < own.Count && own[next] < firstRow + rows; next++)
        {
            products[(own[next] - firstRow) * Lanes + lane] = float.NaN; // no comparison holds: neither counted nor visited
            if (top[lane].Least < double.PositiveInfinity) top[lane].Offer(Exact(lane, own[next]), own[next]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan(float* products, int rows, int firstRow, int lane)
    {
        var lows = Vector512.LoadUnsafe(ref low[lane]);
        var highs = Vector512.LoadUnsafe(ref high[lane]);
        var cuts = Vector512.LoadUnsafe(ref cut[lane]);
        var counted = Vector512<int>.Zero;
        for (var row = 0; row < rows; row++, products += Lanes)
        {
            var score = Vector512.Load(products);
            var isAbove = Vector512.GreaterThan(score, highs);
            counted -= isAbove.AsInt32();
            var isOpen = Vector512.AndNot(Vector512.GreaterThanOrEqual(score, lows), isAbove) | Vector512.GreaterThanOrEqual(score, cuts);
            if (isOpen == Vector512<float>.Zero) continue;
            for (var bits = Vector512.ExtractMostSignificantBits(isOpen); bits != 0; bits &= bits - 1)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                Visit(lane + bit, firstRow + row, products[bit]);
            }

            cuts = Vector512.LoadUnsafe(ref cut[lane]);
        }

        (counted + Vector512.LoadUnsafe(ref above[lane])).StoreUnsafe(ref above[lane]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Visit(int lane, int row, float score)
    {
        var isCounted = score > high[lane] || score < low[lane];
        var isBest = score >= cut[lane];
        if (!isBest && (isCounted || counts[lane].TryCount(score))) return;
        var exact = Exact(lane, row);
        if (!isCounted) counts[lane].Count(exact, row);
        if (!isBest) return;
        best[lane].Offer(exact, row);
        top[lane].Offer(exact, row);
        highest.Offer(exact);
        cut[lane] = Cut(lane);
    }
}
