using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>Consecutive classes that one thread processes together.</summary>
/// <param name="First">Its first class.</param>
/// <param name="Count">Classes in it.</param>
internal readonly record struct ClassTile(int First, int Count);

/// <summary>
/// Walks over all classes in tiles small enough for the second-level cache. A tile's products are computed transposed, T x B: proxies then
/// need no packing, and what is kept per sample (a maximum, a sum, a nearest proxy) is a lane of a vector. Which thread takes which tile
/// depends on the sizes alone, so the same number of threads gives the same bits. It points into the memory of the problem's tensors and of
/// the workspace: keep the walk alive while its pointers are in use.
/// </summary>
internal sealed unsafe class ClassWalk
{
    // float32 in 256 KiB: a tile of proxies and a tile of products share 1 MiB with streamed data
    private const int TileValues = 64 * 1024;
    private const int LongestSum = 256;       // a longer sequential float32 sum loses another digit
    private readonly HeadProblem problem;     // held with the workspace for the pointers
    private readonly Workspace space;
    private readonly float* proxies, packedRows, inverseNorms;
    private readonly bool normalised;
    private readonly int[] order;   // samples by label
    private readonly long[] sorted; // their labels

    public ClassWalk(HeadProblem problem, Workspace space, int threads)
    {
        (this.problem, this.space) = (problem, space);
        Batch = problem.Batch;
        Classes = problem.Classes;
        Dimension = problem.Dimension;
        Columns = Padded(Batch);
        normalised = problem.Normalised;
        proxies = Pointer(problem.Proxies);
        inverseNorms = space.Floats("inverse norms", Classes);

        var largest = Math.Clamp(TileValues / Math.Max(Columns, Dimension), 32, 512) / MicroKernel.Rows * MicroKernel.Rows;
        var share = (Classes + threads - 1) / threads; // a tile for each thread, if possible
        Tile = Math.Min(largest, (share + MicroKernel.Rows - 1) / MicroKernel.Rows * MicroKernel.Rows);
        Tiles = (Classes + Tile - 1) / Tile;
        Threads = Math.Min(threads, Tiles);

        sorted = problem.Labels.data<long>().ToArray();
        order = [.. Enumerable.Range(0, Batch)];
        Array.Sort(sorted, order);
        packedRows = space.Floats("packed rows", (long)Columns * Dimension);
        var rows = Pointer(problem.Rows);
        Spread(Columns / MicroKernel.Columns, panel =>
            Panels.PackTransposed(rows, Batch, Dimension, panel * MicroKernel.Columns,
                packedRows + (long)panel * MicroKernel.Columns * Dimension));
        KeepAlive();
    }

    public int Batch { get; }

    public int Classes { get; }

    public int Dimension { get; }

    /// <summary>Samples, rounded up to whole panels; those beyond <see cref="Batch"/> are zeros.</summary>
    public int Columns { get; }

    /// <summary>Classes per tile, at most.</summary>
    public int Tile { get; }

    public int Tiles { get; }

    public int Threads { get; }

    public static int Padded(int count) => (count + MicroKernel.Columns - 1) / MicroKernel.Columns * MicroKernel.Columns;

    /// <summary>Keeps the memory behind the pointers alive; call it after their last use.</summary>
    public void KeepAlive()
    {
        GC.KeepAlive(problem);
        GC.KeepAlive(space);
    }

    /// <summary>Returns the address of a contiguous float32 tensor on the CPU; keep the tensor alive while it is in use.</summary>
    public static float* Pointer(Tensor tensor)
    {
        using var first = tensor.dim() > 1 ? tensor.narrow(0, 0, 1) : tensor.alias(); // bytes cannot span more than 2 GiB
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Calls <paramref name="body"/> for every tile, with the number of the thread.</summary>
    public void Each(Action<int, ClassTile> body) => Spread(Threads, thread =>
    {
        var end = (int)((long)Tiles * (thread + 1) / Threads);
        for (var at = (int)((long)Tiles * thread / Threads); at < end; at++)
            body(thread, new ClassTile(at * Tile, Math.Min(Tile, Classes - at * Tile)));
    });

    /// <summary>Calls <paramref name="body"/> for 0 .. count-1 on as many threads as there are.</summary>
    public void Spread(int count, Action<int> body)
    {
        if (Threads == 1)
        {
            for (var i = 0; i < count; i++) body(i);
        }
        else
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, body);
        }
    }

    /// <summary>A proxy, D values.</summary>
    public float* Proxy(int index) => proxies + (long)index * Dimension;

    /// <summary>1 / norm of a proxy, or 1 where products are not normalised; call after <see cref="MeasureNorms"/> of its tile.</summary>
    public float InverseNorm(int index) => normalised ? inverseNorms[index] : 1;

    /// <summary>Measures the norms of a tile's proxies, once per step.</summary>
    public void MeasureNorms(ClassTile tile)
    {
        if (!normalised) return;
        for (var j = tile.First; j < tile.First + tile.Count; j++)
        {
            var norm = MathF.Sqrt(Panels.Dot(Proxy(j), Proxy(j), Dimension));
            inverseNorms[j] = 1 / (norm < (float)HeadProblem.SmallestNorm ? (float)HeadProblem.SmallestNorm : norm); // NaN stays NaN
        }
    }

    /// <summary>Computes the plain products of a tile's proxies with all samples, T x <see cref="Columns"/>.</summary>
    public void Multiply(ClassTile tile, float* products)
    {
        for (var column = 0; column < Columns; column += MicroKernel.Columns)
        {
            for (var k = 0; k < Dimension; k += LongestSum)
            {
                var panel = packedRows + (long)column * Dimension + (long)k * MicroKernel.Columns;
                MicroKernel.Multiply(Proxy(tile.First) + k, Dimension, 1, tile.Count, panel, products + column, Columns,
                    Math.Min(LongestSum, Dimension - k), add: k > 0);
            }
        }
    }

    /// <summary>Calls <paramref name="body"/> with each sample whose own class lies in the tile, and that class's row in it.</summary>
    public void Targets(ClassTile tile, Action<int, int> body)
    {
        var at = Array.BinarySearch(sorted, tile.First);
        if (at < 0) at = ~at;
        while (at > 0 && sorted[at - 1] == tile.First) at--;
        for (; at < Batch && sorted[at] < tile.First + tile.Count; at++) body(order[at], (int)sorted[at] - tile.First);
    }
}
