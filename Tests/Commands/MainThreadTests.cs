namespace Ablation.Tests.Commands;

/// <summary>
/// Commands compute on the main thread: only that thread is certain to use the C library's main heap.
/// </summary>
public sealed class MainThreadTests
{
    private static IEnumerable<string> Files() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "Experiments", "Commands"), "*.cs").Select(path => Path.GetFileName(path)).Order();

    [TestCaseSource(nameof(Files))]
    public void No_command_leaves_the_main_thread(string file) =>
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "Experiments", "Commands", file)),
            Does.Not.Contain("Task.Run").And.Not.Contain("Task.Factory"), "use MainThread.Run");
}
