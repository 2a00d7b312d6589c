using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes log sum exp over the other identities with a running maximum and sum per sample and thread (Milakov and Gimelshein, Online
/// normalizer calculation for softmax, 2018). The own identity never enters the sum, so nothing has to be subtracted from it.
/// </summary>
internal sealed unsafe class FusedSoftmax : DenseWalk
{
    private const float Nothing = -1e30f; // the maximum of no logits; minus infinity would make the first difference NaN
    private readonly float* maxima, sums, scales, logSums, factors, bias;

    public FusedSoftmax(HeadProblem problem, LogSumExp reduction, Workspace space, int threads, bool store)
        : base(problem, reduction.Bias, space, threads, store)
    {
        maxima = Vector("maxima", Walk.Threads);
        sums = Vector("sums", Walk.Threads);
        scales = Vector("scales");
        logSums = Vector("log sums");
        factors = Vector("factors");
        bias = reduction.Bias is { } given ? ClassWalk.Pointer(given) : null;
        new Span<float>(maxima, Walk.Threads * Walk.Columns).Fill(Nothing);
        // lanes of no sample get weight 0
        new Span<float>(logSums + Walk.Batch, Walk.Columns - Walk.Batch).Fill(float.PositiveInfinity);
        new Span<float>(scales, Walk.Batch).Fill((float)reduction.Scale);
        if (reduction.RowScales is { } rowScales)
            new Span<float>(ClassWalk.Pointer(rowScales), Walk.Batch).CopyTo(new Span<float>(scales, Walk.Batch));
        GC.KeepAlive(reduction);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Absorb(int thread, ClassTile tile, float* products)
    {
        for (var row = 0; row < tile.Count; row++) ToLogits(tile.First + row, products + (long)row * Walk.Columns);
        Walk.Targets(tile, (sample, row) => products[(long)row * Walk.Columns + sample] = float.NegativeInfinity);

        for (var column = 0; column < Walk.Columns; column += 16)
        {
            var before = Vector512.Load(maxima + thread * Walk.Columns + column);
            var maximum = before;
            var at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns) maximum = Vector512.MaxNative(Vector512.Load(at), maximum);

            var sum = Vector512.Load(sums + thread * Walk.Columns + column) * VectorExp.Exp(before - maximum);
            at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns) sum += VectorExp.Exp(Vector512.Load(at) - maximum);
            maximum.Store(maxima + thread * Walk.Columns + column);
            sum.Store(sums + thread * Walk.Columns + column);
        }
    }

    protected override Tensor Reduce()
    {
        var result = new double[Walk.Batch];
        for (var sample = 0; sample < Walk.Batch; sample++)
        {
            var maximum = Nothing;
            for (var thread = 0; thread < Walk.Threads; thread++) maximum = Math.Max(maximum, maxima[thread * Walk.Columns + sample]);
            double sum = 0;
            for (var thread = 0; thread < Walk.Threads; thread++)
                sum += sums[thread * Walk.Columns + sample] * Math.Exp(maxima[thread * Walk.Columns + sample] - maximum);
            result[sample] = maximum + Math.Log(sum);
            logSums[sample] = (float)result[sample];
        }

        return tensor(result);
    }

    protected override void Prepare(float* others, float* own)
    {
        for (var sample = 0; sample < Walk.Batch; sample++) factors[sample] = others[sample] * scales[sample];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Weigh(ClassTile tile, float* values, float* weights, bool again)
    {
        for (var row = 0; row < tile.Count; row++)
        {
            var from = values + (long)row * Walk.Columns;
            var into = weights + (long)row * Walk.Columns;
            if (again) ToLogits(tile.First + row, from);
            var inverse = Vector512.Create(Walk.InverseNorm(tile.First + row));
            for (var column = 0; column < Walk.Columns; column += 16)
            {
                var share = VectorExp.Exp(Vector512.Load(from + column) - Vector512.Load(logSums + column));
                (share * Vector512.Load(factors + column) * inverse).Store(into + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToLogits(int index, float* products)
    {
        var inverse = Vector512.Create(Walk.InverseNorm(index));
        var offset = Vector512.Create(bias == null ? 0 : bias[index]);
        for (var column = 0; column < Walk.Columns; column += 16)
            Vector512.FusedMultiplyAdd(Vector512.Load(products + column) * inverse, Vector512.Load(scales + column), offset)
                .Store(products + column);
    }
}
