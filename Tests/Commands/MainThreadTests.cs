namespace Ablation.Tests.Commands;

/// <summary>
/// What a command computes, it computes on the thread that the process began with: it alone is sure of the C library's own heap.
/// </summary>
public sealed class MainThreadTests
{
    private static IEnumerable<string> Files() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "Experiments", "Commands"), "*.cs").Select(path => Path.GetFileName(path)).Order();

    [TestCaseSource(nameof(Files))]
    public void No_command_leaves_it(string file) =>
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "Experiments", "Commands", file)),
            Does.Not.Contain("Task.Run").And.Not.Contain("Task.Factory"), "use MainThread.Run");
}
