namespace Ablation.Experiments.Commands;

/// <summary>
/// Runs a command on the main thread. glibc gives that thread the heap of the process, which is set to keep its memory and to use huge
/// pages. Another thread may get an arena in pieces of 64 MiB that are returned to the system, and then a training with large feature maps
/// takes twice as long (docs/decisions.md).
/// </summary>
internal static class MainThread
{
    /// <summary>Runs a command synchronously, so that a caller on the main thread stays there.</summary>
    public static Task<int> Run(Func<int> command) => Task.FromResult(command());
}
