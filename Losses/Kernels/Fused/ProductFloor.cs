using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes the products of a head and nothing else, by the fused kernels' own multiplication, so that benchmarks can compare a kernel's
/// time with that of its products.
/// </summary>
public sealed unsafe class ProductFloor : IDisposable
{
    private readonly Workspace space = new();
    private readonly HeadProblem problem;
    private readonly Tensor gradient;
    private readonly int products, threads;

    /// <param name="products">1 for the product of embeddings and proxies, 3 with the two of the backward pass.</param>
    public ProductFloor(Tensor embeddings, Tensor proxies, Tensor labels, int products, int threads)
    {
        (this.products, this.threads) = (products, threads);
        problem = new HeadProblem(embeddings, proxies, labels, Normalised: false);
        gradient = zeros_like(proxies).DetachFromDisposeScope();
    }

    /// <summary>Whether this processor runs the fused kernels.</summary>
    public static bool IsSupported => MicroKernel.IsSupported;

    public void Run()
    {
        using var scope = NewDisposeScope();
        var walk = new ClassWalk(problem, space, threads);
        var tiles = space.Floats("tiles", (long)walk.Threads * walk.Tile * walk.Columns);
        var target = new GradientTarget(gradient, Add: false);
        var backward = products > 1 ? new DenseGradient(walk, problem, target, space) : null;
        walk.Each((thread, tile) =>
        {
            var product = tiles + (long)thread * walk.Tile * walk.Columns;
            walk.Multiply(tile, product);
            backward?.Add(thread, tile, product);
        });
        backward?.Rows();
        walk.KeepAlive();
        GC.KeepAlive(gradient);
    }

    public void Dispose()
    {
        space.Dispose();
        gradient.Dispose();
    }
}
