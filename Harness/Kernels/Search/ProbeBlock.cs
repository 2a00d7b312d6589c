using System.Runtime.InteropServices;
using Ablation.Losses.Kernels.Fused;

namespace Ablation.Harness.Kernels.Search;

/// <summary>The probes of a thread: packed panels of 32, and room for the products of one tile.</summary>
internal sealed unsafe class ProbeBlock : IDisposable
{
    private readonly float* packed, products;
    private readonly int dimension;
    private readonly bool plain;

    /// <param name="probes">All of them, P x D.</param>
    /// <param name="firstPanel">The block's first.</param>
    /// <param name="mostPanels">In the block; the last may have fewer.</param>
    public ProbeBlock(float* probes, int count, int firstPanel, int mostPanels, int dimension, int tileRows, bool plain)
    {
        this.dimension = dimension;
        this.plain = plain || !MicroKernel.IsSupported;
        Panels = Math.Min(mostPanels, (count + TileProduct.Lanes - 1) / TileProduct.Lanes - firstPanel);
        packed = Floats((long)Panels * TileProduct.Lanes * dimension);
        products = Floats((long)tileRows * TileProduct.Lanes);
        for (var panel = 0; panel < Panels; panel++)
        {
            var first = (firstPanel + panel) * TileProduct.Lanes;
            TileProduct.Pack(probes + (long)first * dimension, Math.Min(TileProduct.Lanes, count - first), dimension, Panel(panel));
        }
    }

    public int Panels { get; }

    /// <summary>Returns the tile's products with a panel, R x 32, valid until the next call.</summary>
    public float* Multiply(float* tile, int rows, int panel)
    {
        TileProduct.Multiply(tile, rows, Panel(panel), products, dimension, plain);
        return products;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(packed);
        NativeMemory.AlignedFree(products);
    }

    private float* Panel(int panel) => packed + (long)panel * TileProduct.Lanes * dimension;

    private static float* Floats(long count) => (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
}
