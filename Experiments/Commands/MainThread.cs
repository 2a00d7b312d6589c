namespace Ablation.Experiments.Commands;

/// <summary>
/// A command on the thread that the process began with. glibc gives that thread the process's heap, which is set to keep its memory and to
/// ask for huge pages; another thread may get an arena in pieces of 64 MiB that go back to the system, and then a training with large
/// feature maps takes twice the time (docs/decisions.md).
/// </summary>
internal static class MainThread
{
    /// <summary>Runs a command before it returns, so that whoever calls it from the main thread stays there.</summary>
    public static Task<int> Run(Func<int> command) => Task.FromResult(command());
}
