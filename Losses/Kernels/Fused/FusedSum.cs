using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Sums a term of each other identity's cosine. It needs no running maximum: the terms do not depend on each other. The derivative by the
/// shift is summed on the way forward, where the own identity is left out in any case.
/// </summary>
internal sealed unsafe class FusedSum<TTerm> : DenseWalk
    where TTerm : struct, IVectorTerm
{
    private const float Mark = -2; // no cosine: marks the own identity
    private readonly TTerm term;
    private readonly bool shifts;
    private readonly float* sums, byShift, factors;
    private Tensor? shiftTarget;

    public FusedSum(HeadProblem problem, TermSum reduction, TTerm term, Workspace space, int threads, bool store)
        : base(problem, null, space, threads, store)
    {
        (this.term, shifts) = (term, reduction.Shift is not null);
        sums = Vector("sums", Walk.Threads);
        byShift = Vector("sums of slopes", Walk.Threads);
        factors = Vector("factors");
    }

    public override Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        shiftTarget = target.Shift;
        return base.Backward(others, own, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Absorb(int thread, ClassTile tile, float* products)
    {
        ToCosines(tile, products);
        Walk.Targets(tile, (sample, row) => products[(long)row * Walk.Columns + sample] = Mark);
        for (var column = 0; column < Walk.Columns; column += 16)
        {
            Vector512<float> sum = default, slopes = default; // of this tile: short sums lose less
            var at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns)
            {
                var cosine = Vector512.Load(at);
                var (value, slope) = term.Value(cosine);
                var isOwn = Vector512.Equals(cosine, Vector512.Create(Mark));
                sum += Vector512.AndNot(value, isOwn);
                slopes += Vector512.AndNot(slope, isOwn);
            }

            (sum + Vector512.Load(sums + thread * Walk.Columns + column)).Store(sums + thread * Walk.Columns + column);
            (slopes + Vector512.Load(byShift + thread * Walk.Columns + column)).Store(byShift + thread * Walk.Columns + column);
        }
    }

    protected override Tensor Reduce()
    {
        var result = new double[Walk.Batch];
        for (var sample = 0; sample < Walk.Batch; sample++)
        {
            for (var thread = 0; thread < Walk.Threads; thread++) result[sample] += sums[thread * Walk.Columns + sample];
            for (var thread = 1; thread < Walk.Threads; thread++) byShift[sample] += byShift[thread * Walk.Columns + sample];
        }

        return tensor(result);
    }

    protected override void Prepare(float* others, float* own)
    {
        double shift = 0;
        for (var sample = 0; sample < Walk.Batch; sample++)
        {
            factors[sample] = others[sample];
            shift += (double)others[sample] * byShift[sample];
        }

        if (shifts && shiftTarget is not null) shiftTarget.add_(shift);
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
                (term.Slope(Vector512.Load(from + column)) * Vector512.Load(factors + column) * inverse)
                    .Store(weights + (long)row * Walk.Columns + column);
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
            {
                var cosine = Vector512.Load(products + column) * inverse;
                cosine = Vector512.MinNative(Vector512<float>.One, cosine); // of a NaN the second operand is taken
                Vector512.MaxNative(-Vector512<float>.One, cosine).Store(products + column);
            }
        }
    }
}
