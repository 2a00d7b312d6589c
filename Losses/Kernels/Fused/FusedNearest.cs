using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes one product with a running top-k per sample. Classes come in ascending order and only a greater cosine displaces one, so of
/// equal cosines the lowest class stays. Few cosines exceed the k-th so far; one comparison skips the rest for 16 samples at once.
/// </summary>
internal sealed unsafe class FusedNearest : INearestKernel
{
    /// <summary>The largest k: an insertion moves up to k entries.</summary>
    public const int MostNegatives = 64;

    private readonly ClassWalk walk;
    private readonly int k;
    private readonly OwnProducts own;
    private readonly float* tiles, best; // best: Threads x k x Columns, in descending order
    private readonly float* poison;      // Threads x Columns: NaN once a cosine is
    private readonly int* classes;       // as best

    public FusedNearest(HeadProblem problem, int k, Workspace space, int threads)
    {
        this.k = k;
        walk = new ClassWalk(problem, space, threads);
        tiles = space.Floats("tiles", (long)walk.Threads * walk.Tile * walk.Columns);
        best = space.Floats("nearest cosines", Places * walk.Threads);
        classes = (int*)space.Floats("nearest classes", Places * walk.Threads);
        own = new OwnProducts(problem, walk);
        poison = space.Floats("poison", (long)walk.Threads * walk.Columns);
        for (long place = 0; place < (long)k * walk.Threads; place++)
        {
            for (var lane = 0; lane < walk.Columns; lane++) // nothing beats the lanes of no sample
                (best[place * walk.Columns + lane], classes[place * walk.Columns + lane]) = (lane < walk.Batch
                    ? float.NegativeInfinity : float.PositiveInfinity, 0);
        }

        new Span<float>(poison, walk.Threads * walk.Columns).Clear();
    }

    private long Places => (long)k * walk.Columns;

    public (Tensor Cosines, Tensor Classes, Tensor Own) Find()
    {
        walk.Each((thread, tile) =>
        {
            var products = tiles + (long)thread * walk.Tile * walk.Columns;
            walk.MeasureNorms(tile);
            walk.Multiply(tile, products);
            walk.Targets(tile, (sample, row) => products[(long)row * walk.Columns + sample] = float.NegativeInfinity);
            for (var row = 0; row < tile.Count; row++) Absorb(thread, tile.First + row, products + (long)row * walk.Columns);
        });
        var result = Merge();
        walk.KeepAlive();
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Absorb(int thread, int index, float* products)
    {
        var inverse = Vector512.Create(walk.InverseNorm(index));
        var cosines = best + Places * thread;
        var found = classes + Places * thread;
        var last = cosines + (long)(k - 1) * walk.Columns;
        var poisoned = poison + thread * walk.Columns;
        for (var column = 0; column < walk.Columns; column += 16)
        {
            var cosine = Vector512.Load(products + column) * inverse;
            var least = Vector512.Load(last + column);
            var better = Vector512.GreaterThan(cosine, least);
            var number = Vector512.Equals(cosine, cosine);
            if (!Vector512.EqualsAll(cosine, cosine))
                (Vector512.Load(poisoned + column) + Vector512.AndNot(cosine, number)).Store(poisoned + column);
            if (k == 1)
            {
                Vector512.ConditionalSelect(better, cosine, least).Store(last + column);
                var before = Vector512.Load(found + column);
                Vector512.ConditionalSelect(better.AsInt32(), Vector512.Create(index), before).Store(found + column);
            }
            else if (better != Vector512<float>.Zero)
            {
                for (var bits = Vector512.ExtractMostSignificantBits(better); bits != 0; bits &= bits - 1)
                {
                    var lane = column + System.Numerics.BitOperations.TrailingZeroCount(bits);
                    Insert(cosines + lane, found + lane, cosine.GetElement(lane - column), index);
                }
            }
        }
    }

    /// <summary>Inserts a cosine among a sample's k, behind equal ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Insert(float* cosines, int* found, float cosine, int index)
    {
        long at = k - 1;
        for (; at > 0 && cosines[(at - 1) * walk.Columns] < cosine; at--)
        {
            cosines[at * walk.Columns] = cosines[(at - 1) * walk.Columns];
            found[at * walk.Columns] = found[(at - 1) * walk.Columns];
        }

        (cosines[at * walk.Columns], found[at * walk.Columns]) = (cosine, index);
    }

    /// <summary>Merges the k best of all threads; classes ascend from thread to thread, so the first of equal ones is the lowest.</summary>
    private (Tensor Cosines, Tensor Classes, Tensor Own) Merge()
    {
        var (values, indices, owns) = (new float[walk.Batch * k], new long[walk.Batch * k], new float[walk.Batch]);
        var heads = new int[walk.Threads];
        for (var sample = 0; sample < walk.Batch; sample++)
        {
            Array.Clear(heads);
            for (var place = 0; place < k; place++)
            {
                var winner = -1;
                for (var thread = 0; thread < walk.Threads; thread++)
                {
                    if (heads[thread] < k && (winner < 0 || At(thread) > At(winner))) winner = thread;
                }

                values[sample * k + place] = At(winner);
                indices[sample * k + place] = classes[Places * winner + (long)heads[winner] * walk.Columns + sample];
                heads[winner]++;
            }

            owns[sample] = (float)own[sample];
            for (var thread = 0; thread < walk.Threads; thread++) owns[sample] += poison[thread * walk.Columns + sample];

            float At(int thread) => best[Places * thread + (long)heads[thread] * walk.Columns + sample];
        }

        return (tensor(values).view(walk.Batch, k), tensor(indices).view(walk.Batch, k), tensor(owns));
    }
}
