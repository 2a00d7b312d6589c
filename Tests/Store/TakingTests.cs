using Ablation.Experiments.Store;

namespace Ablation.Tests.Store;

/// <summary>One trial, one process: taking excludes, frees, and tells a bad disk from another process.</summary>
public sealed class TakingTests
{
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;

    [SetUp]
    public void Make() => store = new ResultStore((folder = new TemporaryFolder()).Path);

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_trial_is_taken_once_and_freed_by_disposing()
    {
        var first = store.TryTake("trial");
        Assert.That(first, Is.Not.Null);
        Assert.That(store.TryTake("trial"), Is.Null);
        Assert.That(new ResultStore(folder.Path).TryTake("trial"), Is.Null, "another store of the same folder");
        using (store.TryTake("another")) { }
        first!.Dispose();
        using var again = store.TryTake("trial");
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void A_trial_that_another_handle_holds_is_not_taken()
    {
        using (var first = store.TryTake("trial")) { }
        var path = Path.Combine(store.TrialFolder("trial"), "running.lock");
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)) Assert.That(store.TryTake("trial"), Is.Null);
        using var freed = store.TryTake("trial");
        Assert.That(freed, Is.Not.Null, "a lock file that a killed process left takes nothing");
    }

    [Test]
    public void Of_many_at_once_one_takes_it()
    {
        var taken = new System.Collections.Concurrent.ConcurrentBag<IDisposable>();
        Parallel.For(0, 32, _ => { if (store.TryTake("trial") is { } own) taken.Add(own); });
        Assert.That(taken, Has.Count.EqualTo(1));
        foreach (var own in taken) own.Dispose();
    }

    [Test]
    public void A_path_that_cannot_be_a_folder_is_an_error_and_not_another_process()
    {
        Directory.CreateDirectory(folder.File("trials"));
        File.WriteAllText(folder.File(Path.Combine("trials", "trial")), "");
        Assert.That(() => store.TryTake("trial"), Throws.InstanceOf<IOException>().With.Message.Contains("running.lock").And.Message.Contains("--results"));
    }

    [Test]
    public void A_lock_that_cannot_be_opened_is_an_error_and_not_another_process()
    {
        Directory.CreateDirectory(Path.Combine(store.TrialFolder("trial"), "running.lock"));
        Assert.That(() => store.TryTake("trial"), Throws.InstanceOf<IOException>().With.Message.Contains("could not be taken"));
    }
}
