using System.Runtime.Intrinsics;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// log sum exp with a running maximum and sum per sample and thread (Milakov and Gimelshein, Online normalizer calculation for softmax,
/// 2018), in memory of the workspace.
/// </summary>
internal sealed unsafe class RunningLogSum
{
    private const float Nothing = -1e30f; // the maximum of no logits; minus infinity would make the first difference NaN
    private readonly float* maxima, sums, logSums;
    private readonly int batch, columns, threads;

    public RunningLogSum(ClassWalk walk, Workspace space)
    {
        (batch, columns, threads) = (walk.Batch, walk.Columns, walk.Threads);
        maxima = space.Floats("maxima", (long)threads * columns);
        sums = space.Floats("sums", (long)threads * columns);
        logSums = space.Floats("log sums", columns);
        new Span<float>(maxima, threads * columns).Fill(Nothing);
        new Span<float>(sums, threads * columns).Clear();
        new Span<float>(logSums + batch, columns - batch).Fill(float.PositiveInfinity); // lanes of no sample get weight 0
    }

    /// <summary>The logarithms of the sums after <see cref="Finish"/>, one per column.</summary>
    public float* LogSums => logSums;

    /// <summary>The largest logit so far of sixteen columns.</summary>
    public Vector512<float> Maximum(int thread, int column) => Vector512.Load(maxima + thread * columns + column);

    /// <summary>Returns the sum so far relative to a new maximum, which is at least the former.</summary>
    public Vector512<float> Rescaled(int thread, int column, Vector512<float> maximum) =>
        Vector512.Load(sums + thread * columns + column) * VectorExp.Exp(Maximum(thread, column) - maximum);

    public void Store(int thread, int column, Vector512<float> maximum, Vector512<float> sum)
    {
        maximum.Store(maxima + thread * columns + column);
        sum.Store(sums + thread * columns + column);
    }

    /// <summary>Joins the threads and returns the logarithm of each sample's sum, B.</summary>
    public double[] Finish()
    {
        var result = new double[batch];
        for (var sample = 0; sample < batch; sample++)
        {
            var maximum = Nothing;
            for (var thread = 0; thread < threads; thread++) maximum = Math.Max(maximum, maxima[thread * columns + sample]);
            double sum = 0;
            for (var thread = 0; thread < threads; thread++)
                sum += sums[thread * columns + sample] * Math.Exp(maxima[thread * columns + sample] - maximum);
            result[sample] = maximum + Math.Log(sum);
            logSums[sample] = (float)result[sample];
        }

        return result;
    }
}
