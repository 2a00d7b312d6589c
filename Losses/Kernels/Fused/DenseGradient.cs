using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes the two products of the backward pass, tile by tile. A tile of weights E (T x B, dL/dcosine times 1/norm of the proxy) gives
/// the gradient of the tile's proxies, E x rows less its part along the proxy, and the tile's part of the gradient of the rows,
/// E^T x proxies, summed per thread.
/// </summary>
internal sealed unsafe class DenseGradient
{
    private readonly ClassWalk walk;
    private readonly bool normalised;
    private readonly GradientTarget target;
    private readonly float* rows, sums, products, panels, gradient, bias; // rows: panels of 32 of the D columns, B rows each
    private readonly int width;                                          // D, rounded up to whole panels

    public DenseGradient(ClassWalk walk, HeadProblem problem, GradientTarget target, Workspace space)
    {
        this.walk = walk;
        this.target = target;
        normalised = problem.Normalised;
        width = ClassWalk.Padded(walk.Dimension);
        gradient = target.Proxies is { } into ? ClassWalk.Pointer(into) : null;
        bias = target.Bias is { } given ? ClassWalk.Pointer(given) : null;
        sums = space.Floats("gradient of the embeddings", SumLength * walk.Threads);
        products = space.Floats("gradient tile", (long)walk.Threads * walk.Tile * width);
        panels = space.Floats("packed proxies", (long)walk.Threads * walk.Tile * MicroKernel.Columns);
        rows = space.Floats("rows", (long)walk.Batch * width);
        var from = ClassWalk.Pointer(problem.Rows);
        walk.Spread(width / MicroKernel.Columns, panel =>
            Panels.Pack(from, walk.Batch, walk.Dimension, panel * MicroKernel.Columns,
                rows + (long)panel * MicroKernel.Columns * walk.Batch));
        walk.Spread(walk.Threads, thread => new Span<float>(sums + SumLength * thread, checked((int)SumLength)).Clear());
        walk.KeepAlive();
        GC.KeepAlive(problem);
    }

    private long SumLength => (long)walk.Columns * width;

    /// <summary>Adds the part of a tile; <paramref name="weights"/> is T x <see cref="ClassWalk.Columns"/>.</summary>
    public void Add(int thread, ClassTile tile, float* weights)
    {
        var sum = sums + SumLength * thread;
        var panel = panels + (long)thread * walk.Tile * MicroKernel.Columns;
        var product = products + (long)thread * walk.Tile * width;
        for (var column = 0; column < width; column += MicroKernel.Columns)
        {
            Panels.Pack(walk.Proxy(tile.First), tile.Count, walk.Dimension, column, panel);
            MicroKernel.Multiply(weights, 1, walk.Columns, walk.Columns, panel, sum + column, width, tile.Count, add: true);
            if (gradient == null) continue; // the proxies are constant
            MicroKernel.Multiply(weights, walk.Columns, 1, tile.Count, rows + (long)column * walk.Batch, product + column, width,
                walk.Batch, add: false);
        }

        for (var row = 0; gradient != null && row < tile.Count; row++)
        {
            Finish(tile.First + row, product + (long)row * width);
            if (bias != null) bias[tile.First + row] += Sum(weights + (long)row * walk.Columns);
        }
    }

    /// <summary>Returns the gradient of the rows, B x D; the threads' parts are added in their order.</summary>
    public Tensor Rows()
    {
        var result = empty(walk.Batch, walk.Dimension);
        var into = ClassWalk.Pointer(result);
        for (var i = 0; i < walk.Batch; i++)
        {
            var sum = sums + (long)i * width;
            for (var thread = 1; thread < walk.Threads; thread++)
            {
                for (var k = 0; k < width; k += 16) (Vector512.Load(sum + k) + Vector512.Load(sum + SumLength * thread + k)).Store(sum + k);
            }

            new Span<float>(sum, walk.Dimension).CopyTo(new Span<float>(into + (long)i * walk.Dimension, walk.Dimension));
        }

        walk.KeepAlive();
        GC.KeepAlive(target);
        return result;
    }

    /// <summary>Stores a proxy's gradient without its part along the proxy, whose length does not matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(int index, float* product)
    {
        var proxy = walk.Proxy(index);
        var inverse = walk.InverseNorm(index);
        var along = normalised && inverse < 1 / (float)HeadProblem.SmallestNorm
            ? Panels.Dot(product, proxy, walk.Dimension) * inverse * inverse : 0;
        var into = gradient + (long)index * walk.Dimension;
        var k = 0;
        for (; k + 16 <= walk.Dimension; k += 16)
        {
            var value = Vector512.Load(product + k) - Vector512.Create(along) * Vector512.Load(proxy + k);
            if (target.Add) value += Vector512.Load(into + k);
            value.Store(into + k);
        }

        for (; k < walk.Dimension; k++) into[k] = product[k] - along * proxy[k] + (target.Add ? into[k] : 0);
    }

    private float Sum(float* row)
    {
        Vector512<float> sum = default;
        for (var column = 0; column < walk.Columns; column += 16) sum += Vector512.Load(row + column);
        return Vector512.Sum(sum);
    }
}
