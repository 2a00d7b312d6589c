using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Computes tiles of products between rows and proxies through libtorch, on any device and in either precision: for GPUs, and for
/// processors without the vectors. Nothing here waits for the device. A product is not divided by its proxy's norm: whoever uses it does
/// so in a pass that it makes anyway, since normalising T x D proxies would cost D / B of such passes.
/// </summary>
/// <param name="left">B x D, what the proxies are multiplied with.</param>
/// <param name="bias">Added to the products, C; null where there is none.</param>
/// <param name="store">Whether tiles are kept for the backward pass.</param>
internal sealed class TorchTiles(HeadProblem problem, Tensor left, Tensor? bias, bool store) : IDisposable
{
    private readonly Tensor multiplied = left.alias().DetachFromDisposeScope();
    private readonly Tensor? added = bias?.alias().DetachFromDisposeScope();
    private readonly Dictionary<int, Tensor> kept = []; // by first class

    /// <summary>First class and number of classes of each tile.</summary>
    public IEnumerable<(int First, int Count)> All()
    {
        var width = TileWidth.Of(problem);
        for (var first = 0; first < problem.Classes; first += width) yield return (first, Math.Min(width, problem.Classes - first));
    }

    /// <summary>Returns a tile's products, B x T: new ones, or those kept by an earlier call.</summary>
    public Tensor Products(int first, int count)
    {
        if (kept.TryGetValue(first, out var earlier)) return earlier;
        var products = Multiply(first, count);
        return store ? kept[first] = products.DetachFromDisposeScope() : products;
    }

    /// <summary>Computes a tile's cosines, B x T.</summary>
    /// <param name="inverse">1 / norm of the proxies, 1 x C.</param>
    /// <param name="shift">Added to them, 1 x 1; null for nothing.</param>
    public Tensor Cosines(int first, int count, Tensor inverse, Tensor? shift = null)
    {
        if (kept.TryGetValue(first, out var earlier)) return earlier;
        var (products, norms) = (Multiply(first, count), inverse.narrow(1, first, count));
        var cosines = shift is null ? products.mul_(norms) : shift.addcmul(products, norms, 1);
        return store ? kept[first] = cosines.DetachFromDisposeScope() : cosines;
    }

    public void Dispose()
    {
        multiplied.Dispose();
        added?.Dispose();
        foreach (var tile in kept.Values) tile.Dispose();
        kept.Clear();
    }

    private Tensor Multiply(int first, int count)
    {
        var right = problem.Proxies.narrow(0, first, count).t();
        if (added is null) return multiplied.mm(right);
        return addmm(added.narrow(0, first, count), multiplied, right, 1, 1); // on CUDA a part of the product
    }
}
