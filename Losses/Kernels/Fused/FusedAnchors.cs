using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// The second mean of <see cref="AnchorForm"/>. Each proxy's sum is over the samples, which are the columns of its row of products, so a
/// row is complete in itself; one value per proxy is kept for the backward pass.
/// </summary>
internal sealed unsafe class FusedAnchors : DenseWalk, IAnchorKernel
{
    private readonly AnchorForm form;
    private readonly float* offsets, sums;  // a d per sample, minus infinity beyond the last; log(1 + sum) per proxy
    private readonly double[] totals;       // per thread
    private float factor;

    public FusedAnchors(HeadProblem problem, AnchorForm form, Workspace space, int threads, bool store)
        : base(problem, null, space, threads, store)
    {
        this.form = form;
        offsets = Vector("offsets");
        sums = space.Floats("sums of anchors", Walk.Classes);
        totals = new double[Walk.Threads];
        new Span<float>(offsets, Walk.Batch).Fill((float)(form.Scale * form.Margin));
        new Span<float>(offsets + Walk.Batch, Walk.Columns - Walk.Batch).Fill(float.NegativeInfinity);
    }

    (Tensor Mean, Tensor Own) IAnchorKernel.Forward() => Forward();

    public Tensor Backward(double factor, Tensor own, GradientTarget target)
    {
        this.factor = (float)(factor * form.Scale / Walk.Classes);
        using var unused = zeros_like(own); // each proxy's sum has the same weight, no sample one of its own
        return Backward(unused, own, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Absorb(int thread, ClassTile tile, float* products)
    {
        ToExponents(tile, products);
        Walk.Targets(tile, (sample, row) => products[(long)row * Walk.Columns + sample] = float.NegativeInfinity);
        for (var row = 0; row < tile.Count; row++)
        {
            var from = products + (long)row * Walk.Columns;
            var largest = Vector512<float>.Zero; // log(1 + sum): 1 is e^0
            for (var column = 0; column < Walk.Columns; column += 16) largest = Vector512.MaxNative(Vector512.Load(from + column), largest);
            var maximum = 0f;
            for (var lane = 0; lane < 16; lane++) maximum = Math.Max(maximum, largest[lane]);
            var sum = Vector512<float>.Zero;
            for (var column = 0; column < Walk.Columns; column += 16)
                sum += VectorExp.Exp(Vector512.Load(from + column) - Vector512.Create(maximum));
            double all = Vector512.Sum(sum);
            var value = maximum == 0 ? LogOnePlus(all) : maximum + Math.Log(all + Math.Exp(-maximum));
            totals[thread] += value;
            sums[tile.First + row] = (float)value;
        }
    }

    protected override Tensor Reduce() => tensor(totals.Sum() / Walk.Classes);

    protected override void Prepare(float* others, float* own)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Weigh(ClassTile tile, float* values, float* weights, bool again)
    {
        if (again) ToExponents(tile, values);
        for (var row = 0; row < tile.Count; row++)
        {
            var scale = Vector512.Create(factor * Walk.InverseNorm(tile.First + row));
            var sum = Vector512.Create(sums[tile.First + row]);
            for (var at = (long)row * Walk.Columns; at < (long)(row + 1) * Walk.Columns; at += 16)
                (VectorExp.Exp(Vector512.Load(values + at) - sum) * scale).Store(weights + at);
        }
    }

    /// <summary>log(1 + x) to full precision (W. Kahan's correction); .NET's own adds 1 and loses what is small.</summary>
    private static double LogOnePlus(double x) => 1 + x is var sum && sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));

    /// <summary>a (c + d) in place of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToExponents(ClassTile tile, float* products)
    {
        for (var row = 0; row < tile.Count; row++, products += Walk.Columns)
        {
            var scale = Vector512.Create((float)form.Scale * Walk.InverseNorm(tile.First + row));
            for (var column = 0; column < Walk.Columns; column += 16)
            {
                Vector512.FusedMultiplyAdd(Vector512.Load(products + column), scale, Vector512.Load(offsets + column))
                    .Store(products + column);
            }
        }
    }
}
