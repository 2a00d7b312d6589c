using System.Runtime.InteropServices;

namespace Ablation.Losses.Kernels;

/// <summary>
/// Buffers that a loss keeps from step to step, by name. They grow and never shrink, so that a step allocates nothing. Not thread-safe.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private const nuint Alignment = 64; // a cache line, and a vector of 512 bits
    private readonly Dictionary<string, (nint At, long Count)> buffers = [];

    ~Workspace() => Free();

    /// <summary>Returns a buffer of at least <paramref name="count"/> values, not cleared.</summary>
    /// <exception cref="OutOfMemoryException">There is no such block; the message gives its size and what to change.</exception>
    public float* Floats(string name, long count)
    {
        if (buffers.TryGetValue(name, out var found) && found.Count >= count) return (float*)found.At;
        if (found.At != 0) NativeMemory.AlignedFree((void*)found.At);
        buffers.Remove(name);
        try
        {
            var at = NativeMemory.AlignedAlloc((nuint)(Math.Max(1, count) * sizeof(float)), Alignment);
            buffers[name] = ((nint)at, count);
            return (float*)at;
        }
        catch (OutOfMemoryException e)
        {
            throw new OutOfMemoryException(
                $"no memory for {count * sizeof(float) / (1 << 20)} MiB of the loss's {name}; take a smaller batch, head.implementation " +
                $"\"tiled\" or a smaller head.logitMegabytes", e);
        }
    }

    /// <summary>Bytes held.</summary>
    public long Bytes => buffers.Values.Sum(buffer => buffer.Count) * sizeof(float);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (var (at, _) in buffers.Values) NativeMemory.AlignedFree((void*)at);
        buffers.Clear();
    }
}
