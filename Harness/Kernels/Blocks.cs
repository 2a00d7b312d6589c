using static TorchSharp.torch;

namespace Ablation.Harness.Kernels;

/// <summary>
/// Runs work in blocks on as many threads as libtorch is set to use. The result of a block never depends on the thread that takes it.
/// </summary>
internal static class Blocks
{
    /// <summary>Calls <paramref name="body"/> (thread, block) for each block, whichever thread is free first.</summary>
    /// <param name="count">Blocks.</param>
    public static void Each(int count, Action<int, int> body)
    {
        var threads = Threads(count);
        if (threads == 1)
        {
            for (var block = 0; block < count; block++) body(0, block);
            return;
        }

        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            for (var block = Interlocked.Increment(ref next); block < count; block = Interlocked.Increment(ref next)) body(thread, block);
        });
    }

    /// <summary>Returns the number of threads that take part, so that each can have its own memory.</summary>
    public static int Threads(int count) => Math.Max(1, Math.Min(get_num_threads(), count));
}
