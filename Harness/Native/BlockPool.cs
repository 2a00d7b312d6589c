using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// Large blocks of memory that are used again rather than given back. A training asks for the same sizes in every step; kept by
/// size they all fit, while malloc cuts large holes for small requests and grows by half (docs/decisions.md). Linux.
/// </summary>
internal sealed unsafe partial class BlockPool
{
    private const long Grain = 64 << 10, LargeGrain = 256 << 10, HugePage = 2 << 20;
    private const long MostFree = 1L << 30;
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Stack<nint>> free = [];
    private readonly Dictionary<nint, (long Size, nint Map, long Mapped)> blocks = []; // all, in use or not

    /// <summary>Bytes of blocks in use.</summary>
    public long Used { get; private set; }

    /// <summary>Bytes of all blocks.</summary>
    public long Held { get; private set; }

    /// <summary>A block of at least <paramref name="bytes"/>, with whatever stood there before; 0 where the system has none.</summary>
    public nint Take(long bytes)
    {
        var grain = bytes < HugePage ? Grain : LargeGrain;
        var size = (bytes + grain - 1) / grain * grain;
        lock (gate)
        {
            var block = Again(size);
            if (block == 0 && Held - Used > Used + MostFree) Trim(); // sizes of a phase that is over
            if (block == 0) block = Map(size);
            if (block == 0)
            {
                Trim();
                block = Map(size);
            }

            if (block != 0) Used += blocks[block].Size;
            return block;
        }
    }

    /// <summary>Takes a block back; false where it is none of the pool's.</summary>
    public bool Return(nint block)
    {
        lock (gate)
        {
            if (!blocks.TryGetValue(block, out var found)) return false;
            if (!free.TryGetValue(found.Size, out var alike)) free[found.Size] = alike = new Stack<nint>();
            alike.Push(block);
            Used -= found.Size;
            return true;
        }
    }

    /// <summary>Gives all blocks that are not in use back to the system.</summary>
    public void Trim()
    {
        lock (gate)
        {
            foreach (var block in free.Values.SelectMany(alike => alike))
            {
                blocks.Remove(block, out var found);
                _ = munmap(found.Map, (nuint)found.Mapped);
                Held -= found.Size;
            }

            free.Clear();
        }
    }

    /// <summary>A free block of this size, or of one that is little larger.</summary>
    private nint Again(long size)
    {
        foreach (var (found, alike) in free) // few sizes; in ascending order
        {
            if (found < size) continue;
            if (found > size + size / 8) return 0;
            var block = alike.Pop();
            if (alike.Count == 0) free.Remove(found);
            return block;
        }

        return 0;
    }

    private nint Map(long size)
    {
        const int readWrite = 3, privateAnonymous = 0x22, hugePages = 14;
        var mapped = size >= HugePage ? size + HugePage : size;
        var map = mmap(0, (nuint)mapped, readWrite, privateAnonymous, -1, 0);
        if (map == -1) return 0;
        var block = size >= HugePage ? (nint)((map + HugePage - 1) / HugePage * HugePage) : map;
        if (size >= HugePage) _ = madvise(block, (nuint)size, hugePages); // fewer faults, and fewer misses of the address cache
        blocks[block] = (size, map, mapped);
        Held += size;
        return block;
    }

    [LibraryImport("libc")]
    internal static partial nint mmap(nint at, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    internal static partial int munmap(nint at, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(nint at, nuint length, int advice);
}
