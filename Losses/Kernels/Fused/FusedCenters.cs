using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes log sum exp over the other identities where each has K proxies of which the nearest counts. A tile holds some identities with
/// all their proxies, so the nearest is found while their products are in the cache; the backward pass multiplies again.
/// </summary>
internal sealed unsafe class FusedCenters : IDenseKernel
{
    private readonly HeadProblem problem; // of all K C proxies
    private readonly Workspace space;
    private readonly ClassWalk walk;
    private readonly RunningLogSum running;
    private readonly int centers, classes, tile;
    private readonly float* scales, factors, cosines; // per column; Threads x K x T x Columns
    private readonly double[] own;                    // cosine with the nearest own proxy
    private readonly int[] winners;                   // which of the K that is

    /// <param name="problem">Its labels are identities; its proxies are K times all identities.</param>
    public FusedCenters(HeadProblem problem, int centers, LogSumExp reduction, Workspace space, int threads)
    {
        (this.problem, this.space, this.centers, classes) = (problem, space, centers, problem.Classes / centers);
        walk = new ClassWalk(problem, space, threads);
        tile = Math.Max(MicroKernel.Rows, walk.Tile / centers / MicroKernel.Rows * MicroKernel.Rows);
        running = new RunningLogSum(walk, space);
        scales = Cleared("scales");
        factors = Cleared("factors");
        cosines = space.Floats("cosines of centers", (long)walk.Threads * centers * tile * walk.Columns);
        new Span<float>(scales, walk.Batch).Fill((float)reduction.Scale);
        if (reduction.RowScales is { } rowScales)
            new Span<float>(ClassWalk.Pointer(rowScales), walk.Batch).CopyTo(new Span<float>(scales, walk.Batch));
        GC.KeepAlive(reduction);
        (own, winners) = NearestOwn();
    }

    public (Tensor Others, Tensor Own) Forward()
    {
        Each((thread, first, count) =>
        {
            for (var k = 0; k < centers; k++) walk.MeasureNorms(new ClassTile(k * classes + first, count));
            Multiply(thread, first, count);
            Absorb(thread, first, count);
        });
        var result = (tensor(running.Finish()), tensor(own));
        KeepAlive();
        return result;
    }

    public Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        var (ownRows, otherRows) = (own.contiguous(), others.contiguous());
        var (ownGradient, otherGradient) = (ownRows.data<float>().ToArray(), otherRows.data<float>().ToArray());
        for (var sample = 0; sample < walk.Batch; sample++) factors[sample] = otherGradient[sample] * scales[sample];
        var gradient = new DenseGradient(walk, problem, target, space);
        Each((thread, first, count) =>
        {
            Multiply(thread, first, count);
            Weigh(thread, first, count);
            for (var k = 0; k < centers; k++)
            {
                var part = new ClassTile(k * classes + first, count);
                var from = Cosines(thread, k);
                walk.Targets(new ClassTile(first, count), (sample, row) => from[(long)row * walk.Columns + sample] =
                    winners[sample] == k ? ownGradient[sample] * walk.InverseNorm(part.First + row) : 0);
                gradient.Add(thread, part, from);
            }
        });
        var rows = gradient.Rows();
        KeepAlive();
        return rows;
    }

    /// <summary>Adds a tile to the running sums; the own identities among it are left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Absorb(int thread, int first, int count)
    {
        var logits = Cosines(thread, 0);
        for (var at = 0L; at < (long)count * walk.Columns; at += 16)
            (Nearest(thread, at) * Vector512.Load(scales + at % walk.Columns)).Store(logits + at);
        walk.Targets(new ClassTile(first, count), (sample, row) => logits[(long)row * walk.Columns + sample] = float.NegativeInfinity);
        for (var column = 0; column < walk.Columns; column += 16)
        {
            var maximum = running.Maximum(thread, column);
            var at = logits + column;
            for (var row = 0; row < count; row++, at += walk.Columns) maximum = Vector512.MaxNative(Vector512.Load(at), maximum);
            var sum = running.Rescaled(thread, column, maximum);
            at = logits + column;
            for (var row = 0; row < count; row++, at += walk.Columns) sum += VectorExp.Exp(Vector512.Load(at) - maximum);
            running.Store(thread, column, maximum, sum);
        }
    }

    /// <summary>Replaces a tile's cosines by dL/dproduct times 1/norm: of each identity only the nearest proxy's is not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weigh(int thread, int first, int count)
    {
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < walk.Columns; column += 16)
            {
                var at = (long)row * walk.Columns + column;
                var nearest = Nearest(thread, at);
                var logit = nearest * Vector512.Load(scales + column);
                var share = VectorExp.Exp(logit - Vector512.Load(running.LogSums + column)) * Vector512.Load(factors + column);
                for (var k = 0; k < centers; k++)
                {
                    var into = Cosines(thread, k) + at;
                    var wins = Vector512.Equals(Vector512.Load(into), nearest);
                    (share & wins).Store(into);
                    share = Vector512.AndNot(share, wins); // of equal ones the first
                    (Vector512.Load(into) * Vector512.Create(walk.InverseNorm(k * classes + first + row))).Store(into);
                }
            }
        }
    }

    /// <summary>The largest of the K cosines of sixteen samples; NaN if one is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Nearest(int thread, long at)
    {
        var nearest = Vector512.Load(Cosines(thread, 0) + at);
        for (var k = 1; k < centers; k++) nearest = Vector512.Max(nearest, Vector512.Load(Cosines(thread, k) + at));
        return nearest;
    }

    /// <summary>Computes a tile's cosines with each of the K proxies.</summary>
    private void Multiply(int thread, int first, int count)
    {
        for (var k = 0; k < centers; k++)
        {
            var part = new ClassTile(k * classes + first, count);
            var into = Cosines(thread, k);
            walk.Multiply(part, into);
            for (var row = 0; row < count; row++, into += walk.Columns)
            {
                var inverse = Vector512.Create(walk.InverseNorm(part.First + row));
                for (var column = 0; column < walk.Columns; column += 16) (Vector512.Load(into + column) * inverse).Store(into + column);
            }
        }
    }

    private (double[] Own, int[] Winners) NearestOwn()
    {
        var (nearest, which) = (new double[walk.Batch], new int[walk.Batch]);
        Array.Fill(nearest, double.NegativeInfinity);
        for (var k = 0; k < centers; k++)
        {
            using var labels = problem.Labels + k * classes;
            var products = new OwnProducts(problem with { Labels = labels }, walk);
            for (var sample = 0; sample < walk.Batch; sample++)
            {
                if (!(products[sample] <= nearest[sample])) (nearest[sample], which[sample]) = (products[sample], k); // NaN stays NaN
            }
        }

        return (nearest, which);
    }

    private float* Cosines(int thread, int k) => cosines + ((long)thread * centers + k) * tile * walk.Columns;

    /// <summary>Calls <paramref name="body"/> with the thread, the first identity and the number of identities of each tile.</summary>
    private void Each(Action<int, int, int> body) => walk.Spread(walk.Threads, thread =>
    {
        var tiles = (classes + tile - 1) / tile;
        var end = (int)((long)tiles * (thread + 1) / walk.Threads);
        for (var at = (int)((long)tiles * thread / walk.Threads); at < end; at++)
            body(thread, at * tile, Math.Min(tile, classes - at * tile));
    });

    private float* Cleared(string name)
    {
        var at = space.Floats(name, walk.Columns);
        new Span<float>(at, walk.Columns).Clear();
        return at;
    }

    private void KeepAlive()
    {
        walk.KeepAlive();
        GC.KeepAlive(problem);
        GC.KeepAlive(space);
    }
}
