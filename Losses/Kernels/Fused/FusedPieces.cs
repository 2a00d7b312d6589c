using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes log sum exp over the other identities where their logits are <see cref="PiecewiseLogits"/>. What stays of a tile is its
/// cosines, of which the backward pass makes logit and slope again: that is less work than reading both from memory.
/// </summary>
internal sealed unsafe class FusedPieces : DenseWalk
{
    private const float Mark = -2; // no cosine: marks the own identity
    private readonly VectorPieces pieces;
    private readonly PiecewiseLogits map;
    private readonly RunningLogSum running;
    private readonly float* thresholds, factors, hardSums, hardCounts;

    public FusedPieces(HeadProblem problem, PiecewiseLogits map, Workspace space, int threads, bool store)
        : base(problem, null, space, threads, store)
    {
        (this.map, pieces) = (map, VectorPieces.Of(map));
        running = new RunningLogSum(Walk, space);
        thresholds = Vector("thresholds");
        factors = Vector("factors");
        hardSums = Vector("sums of hard cosines", Walk.Threads);
        hardCounts = Vector("numbers of hard cosines", Walk.Threads);
        if (map.Threshold is null) return;
        using var scope = NewDisposeScope();
        var above = map.Threshold(Own.ToTensor().to(ScalarType.Float32).unsqueeze(1)).contiguous();
        new Span<float>(ClassWalk.Pointer(above), Walk.Batch).CopyTo(new Span<float>(thresholds, Walk.Batch));
        GC.KeepAlive(above);
    }

    public override Tensor? HardMean => map.AveragesHard ? Averages() : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Absorb(int thread, ClassTile tile, float* products)
    {
        ToCosines(tile, products);
        Walk.Targets(tile, (sample, row) => products[(long)row * Walk.Columns + sample] = Mark);
        for (var column = 0; column < Walk.Columns; column += 16)
        {
            var threshold = Vector512.Load(thresholds + column);
            var maximum = running.Maximum(thread, column);
            var at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns) maximum = Vector512.MaxNative(Logit(at, threshold), maximum);
            var sum = running.Rescaled(thread, column, maximum);
            at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns) sum += VectorExp.Exp(Logit(at, threshold) - maximum);
            running.Store(thread, column, maximum, sum);
            if (map.AveragesHard) CountHard(thread, tile, products, column, threshold);
        }
    }

    protected override Tensor Reduce() => tensor(running.Finish()).add_(map.Offset);

    protected override void Prepare(float* others, float* own) =>
        new Span<float>(others, Walk.Batch).CopyTo(new Span<float>(factors, Walk.Batch));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Weigh(ClassTile tile, float* values, float* weights, bool again)
    {
        if (again) ToCosines(tile, values);
        for (var row = 0; row < tile.Count; row++)
        {
            var inverse = Vector512.Create(Walk.InverseNorm(tile.First + row));
            var from = values + (long)row * Walk.Columns;
            for (var column = 0; column < Walk.Columns; column += 16)
            {
                var (logit, slope) = pieces.WithSlope(Vector512.Load(from + column), Vector512.Load(thresholds + column));
                var share = VectorExp.Exp(logit - Vector512.Load(running.LogSums + column));
                (share * slope * Vector512.Load(factors + column) * inverse).Store(weights + (long)row * Walk.Columns + column);
            }
        }
    }

    /// <summary>Logits of sixteen samples; minus infinity for their own identity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Logit(float* at, Vector512<float> threshold)
    {
        var cosine = Vector512.Load(at);
        return Vector512.ConditionalSelect(Vector512.Equals(cosine, Vector512.Create(Mark)), Vector512.Create(float.NegativeInfinity),
            pieces.Value(cosine, threshold));
    }

    private void CountHard(int thread, ClassTile tile, float* products, int column, Vector512<float> threshold)
    {
        var (sum, count) = (Vector512.Load(hardSums + thread * Walk.Columns + column),
            Vector512.Load(hardCounts + thread * Walk.Columns + column));
        for (var row = 0; row < tile.Count; row++)
        {
            var cosine = Vector512.Load(products + (long)row * Walk.Columns + column);
            var hard = Vector512.GreaterThan(cosine, threshold) & ~Vector512.Equals(cosine, Vector512.Create(Mark));
            sum += cosine & hard;
            count += Vector512<float>.One & hard;
        }

        sum.Store(hardSums + thread * Walk.Columns + column);
        count.Store(hardCounts + thread * Walk.Columns + column);
    }

    /// <summary>Means of the hard cosines, B, float64; 0 where there are none.</summary>
    private Tensor Averages()
    {
        var means = new double[Walk.Batch];
        for (var sample = 0; sample < Walk.Batch; sample++)
        {
            double sum = 0, count = 0;
            for (var thread = 0; thread < Walk.Threads; thread++)
            {
                sum += hardSums[thread * Walk.Columns + sample];
                count += hardCounts[thread * Walk.Columns + sample];
            }

            means[sample] = count > 0 ? sum / count : 0;
        }

        Walk.KeepAlive();
        return tensor(means);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToCosines(ClassTile tile, float* products)
    {
        for (var row = 0; row < tile.Count; row++, products += Walk.Columns)
        {
            var inverse = Vector512.Create(Walk.InverseNorm(tile.First + row));
            for (var column = 0; column < Walk.Columns; column += 16)
                (Vector512.Load(products + column) * inverse).Store(products + column);
        }
    }
}
