using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes log sum exp over the other identities. The own identity never enters the sum, so nothing has to be subtracted from it.
/// </summary>
internal sealed unsafe class FusedSoftmax : DenseWalk
{
    private readonly RunningLogSum running;
    private readonly float* scales, factors, bias;

    public FusedSoftmax(HeadProblem problem, LogSumExp reduction, Workspace space, int threads, bool store)
        : base(problem, reduction.Bias, space, threads, store)
    {
        running = new RunningLogSum(Walk, space);
        scales = Vector("scales");
        factors = Vector("factors");
        bias = reduction.Bias is { } given ? ClassWalk.Pointer(given) : null;
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
            var maximum = running.Maximum(thread, column);
            var at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns) maximum = Vector512.MaxNative(Vector512.Load(at), maximum);

            var sum = running.Rescaled(thread, column, maximum);
            at = products + column;
            for (var row = 0; row < tile.Count; row++, at += Walk.Columns) sum += VectorExp.Exp(Vector512.Load(at) - maximum);
            running.Store(thread, column, maximum, sum);
        }
    }

    protected override Tensor Reduce() => tensor(running.Finish());

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
                var share = VectorExp.Exp(Vector512.Load(from + column) - Vector512.Load(running.LogSums + column));
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
