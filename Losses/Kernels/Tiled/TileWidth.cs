namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// Chooses the classes per tile. On a CPU a tile should stay in the cache; any other device is busy only with large ones, and each
/// operation has a cost of its own: four tiles, or as many as their memory demands.
/// </summary>
internal static class TileWidth
{
    /// <summary>Classes per tile on a CPU.</summary>
    public const int Cached = 4096;

    private const int Fewest = 4;                   // tiles, so that B x C memory is not needed
    private const int Narrowest = 2048;             // classes; a smaller tile would not fill a GPU
    private const int Step = 64;                    // rows of a matrix begin at a multiple of 256 bytes
    private const long LargestBytes = 256L << 20;   // of B x T values and of T x D values

    public static int Of(HeadProblem problem) => CpuPath.IsTaken(problem.Rows)
        ? Math.Min(problem.Classes, Cached)
        : Of(problem.Classes, problem.Batch, problem.Dimension, (int)problem.Rows.element_size());

    /// <summary>Returns the classes per tile on a device other than the CPU.</summary>
    /// <param name="valueBytes">Of one value.</param>
    public static int Of(int classes, int batch, int dimension, int valueBytes)
    {
        var wanted = Math.Max(Narrowest, (classes + Fewest - 1) / Fewest);
        var most = Math.Max(Step, LargestBytes / ((long)valueBytes * Math.Max(batch, dimension)) / Step * Step);
        return (int)Math.Min(classes, Math.Min((wanted + Step - 1) / Step * Step, most));
    }
}
