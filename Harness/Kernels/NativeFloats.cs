using Ablation.Harness.Native;

namespace Ablation.Harness.Kernels;

/// <summary>float32 values outside the managed heap, on a cache line's border; not cleared.</summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    /// <exception cref="OutOfMemoryException">The system has no such block; the message says how large it is and what would do.</exception>
    public NativeFloats(long count, string what)
    {
        try
        {
            At = (float*)BlockAllocator.Take(count * sizeof(float));
            if (At == null) throw new OutOfMemoryException();
        }
        catch (OutOfMemoryException e)
        {
            throw new OutOfMemoryException(FormattableString.Invariant($"no memory for {count * sizeof(float) >> 20} MiB of {what}; take a smaller batch, or accumulate more micro-batches"), e);
        }
    }

    public float* At { get; private set; }

    public void Dispose()
    {
        BlockAllocator.Return((nint)At);
        At = null;
    }
}
