using System.Runtime.InteropServices;

namespace Ablation.Harness.Kernels;

/// <summary>float32 values outside the managed heap, aligned to a cache line; not cleared.</summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    /// <exception cref="OutOfMemoryException">The system has no such block; the message says how large it is and what would
    /// help.</exception>
    public NativeFloats(long count, string what)
    {
        try
        {
            At = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, count * sizeof(float)), 64);
        }
        catch (OutOfMemoryException e)
        {
            throw new OutOfMemoryException(
                $"no memory for {count * sizeof(float) >> 20} MiB of {what}; take a smaller batch, or accumulate more micro-batches", e);
        }
    }

    public float* At { get; private set; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(At);
        At = null;
    }
}
