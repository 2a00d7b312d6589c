using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>Sums max(0, c_j - c_y + m) over all other identities, and counts those above 0.</summary>
internal sealed unsafe class FusedHinge : DenseWalk
{
    private readonly float* sums, counts, thresholds, factors;

    public FusedHinge(HeadProblem problem, HingeSum reduction, Workspace space, int threads, bool store)
        : base(problem, null, space, threads, store)
    {
        sums = Vector("sums", Walk.Threads);
        counts = Vector("counts", Walk.Threads);
        thresholds = Vector("thresholds");
        factors = Vector("factors");
        for (var sample = 0; sample < Walk.Batch; sample++) thresholds[sample] = (float)(Own[sample] - reduction.Margin);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Absorb(int thread, ClassTile tile, float* products)
    {
        ToCosines(tile, products);
        Walk.Targets(tile, (sample, row) => products[(long)row * Walk.Columns + sample] = float.NegativeInfinity);
        for (var column = 0; column < Walk.Columns; column += 16)
        {
            var threshold = Vector512.Load(thresholds + column);
            var sum = Vector512.Load(sums + thread * Walk.Columns + column);
            var count = Vector512.Load(counts + thread * Walk.Columns + column);
            var at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns)
            {
                var hinge = Vector512.Load(at) - threshold;
                sum += Vector512.MaxNative(Vector512<float>.Zero, hinge); // of a NaN the second operand is taken
                count += Vector512.GreaterThan(hinge, Vector512<float>.Zero) & Vector512<float>.One;
            }

            sum.Store(sums + thread * Walk.Columns + column);
            count.Store(counts + thread * Walk.Columns + column);
        }
    }

    protected override Tensor Reduce()
    {
        for (var thread = 1; thread < Walk.Threads; thread++)
        {
            for (var sample = 0; sample < Walk.Batch; sample++)
            {
                sums[sample] += sums[thread * Walk.Columns + sample];
                counts[sample] += counts[thread * Walk.Columns + sample];
            }
        }

        return tensor(Enumerable.Range(0, Walk.Batch).Select(sample => (double)sums[sample]).ToArray());
    }

    protected override void Prepare(float* others, float* own)
    {
        for (var sample = 0; sample < Walk.Batch; sample++)
        {
            factors[sample] = others[sample];
            own[sample] -= others[sample] * counts[sample];
        }
    }

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
                var active = Vector512.GreaterThan(Vector512.Load(from + column) - Vector512.Load(thresholds + column),
                    Vector512<float>.Zero);
                (active & (Vector512.Load(factors + column) * inverse)).Store(weights + (long)row * Walk.Columns + column);
            }
        }
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
