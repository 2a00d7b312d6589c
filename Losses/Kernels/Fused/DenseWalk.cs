using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes forward and backward over all classes for a loss to which every other identity may contribute. Forward multiplies a tile and
/// absorbs it; backward multiplies it again (or reads it from the store), turns it into weights and passes those to
/// <see cref="DenseGradient"/>. B x C values exist only with store.
/// </summary>
internal abstract unsafe class DenseWalk : IDenseKernel
{
    private readonly HeadProblem problem;
    private readonly Workspace space;
    private readonly Tensor? bias;  // kernels hold its address
    private readonly float* stored; // C x Columns, or null
    private readonly float* tiles;  // Threads x Tile x Columns

    protected DenseWalk(HeadProblem problem, Tensor? bias, Workspace space, int threads, bool store)
    {
        this.problem = problem;
        this.space = space;
        this.bias = bias;
        Walk = new ClassWalk(problem, space, threads);
        stored = store ? space.Floats("stored logits", (long)Walk.Classes * Walk.Columns) : null;
        tiles = space.Floats("tiles", (long)Walk.Threads * Walk.Tile * Walk.Columns);
        Own = new OwnProducts(problem, Walk, bias is null ? null : ClassWalk.Pointer(bias));
    }

    protected ClassWalk Walk { get; }

    /// <summary>Products with the own proxies.</summary>
    protected OwnProducts Own { get; }

    public virtual Tensor? HardMean => null;

    public (Tensor Others, Tensor Own) Forward()
    {
        Walk.Each((thread, tile) =>
        {
            var products = Products(thread, tile);
            Walk.MeasureNorms(tile);
            Walk.Multiply(tile, products);
            Absorb(thread, tile, products);
        });
        var result = (Reduce(), Own.ToTensor());
        KeepAlive();
        return result;
    }

    public virtual Tensor Backward(Tensor others, Tensor own, GradientTarget target)
    {
        var ownGradient = Vector("own gradient");
        var (ownRows, otherRows) = (own.contiguous(), others.contiguous());
        new Span<float>(ClassWalk.Pointer(ownRows), Walk.Batch).CopyTo(new Span<float>(ownGradient, Walk.Batch));
        Prepare(ClassWalk.Pointer(otherRows), ownGradient);
        GC.KeepAlive(ownRows);
        GC.KeepAlive(otherRows);
        var gradient = new DenseGradient(Walk, problem, target, space);
        Walk.Each((thread, tile) =>
        {
            var weights = tiles + (long)thread * Walk.Tile * Walk.Columns;
            if (stored == null) Walk.Multiply(tile, weights);
            Weigh(tile, stored == null ? weights : Products(thread, tile), weights, again: stored == null);
            Walk.Targets(tile,
                (sample, row) => weights[(long)row * Walk.Columns + sample] = ownGradient[sample] * Walk.InverseNorm(tile.First + row));
            gradient.Add(thread, tile, weights);
        });
        var rows = gradient.Rows();
        KeepAlive();
        return rows;
    }

    /// <summary>
    /// Adds a tile of plain products to the running reduction, and leaves in place what <see cref="Weigh"/> starts from.
    /// </summary>
    protected abstract void Absorb(int thread, ClassTile tile, float* products);

    /// <summary>The reduction over all tiles, B, float64.</summary>
    protected abstract Tensor Reduce();

    /// <summary>
    /// Receives dL/dothers before the tiles are weighed, and adds to dL/down where the reduction depends on the own product.
    /// </summary>
    protected abstract void Prepare(float* others, float* own);

    /// <summary>Turns a tile into dL/dproduct times 1/norm; the entries of the samples' own proxies may hold anything.</summary>
    /// <param name="again">Whether the values are plain products once more, or what <see cref="Absorb"/> left.</param>
    protected abstract void Weigh(ClassTile tile, float* values, float* weights, bool again);

    /// <summary>Returns zeros, one per sample (and per thread).</summary>
    protected float* Vector(string name, int copies = 1)
    {
        var at = space.Floats(name, (long)copies * Walk.Columns);
        new Span<float>(at, copies * Walk.Columns).Clear();
        return at;
    }

    private void KeepAlive()
    {
        Walk.KeepAlive();
        GC.KeepAlive(problem);
        GC.KeepAlive(space);
        GC.KeepAlive(bias);
    }

    /// <summary>Returns where a tile's products go: their place in the store, or the thread's own tile.</summary>
    private float* Products(int thread, ClassTile tile) =>
        stored != null ? stored + (long)tile.First * Walk.Columns : tiles + (long)thread * Walk.Tile * Walk.Columns;
}
