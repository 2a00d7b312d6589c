using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Store;

/// <summary>
/// One process per trial: a lease excludes others until disposed; a copy without its lease writes nothing; a disk error is not a holder.
/// </summary>
public sealed class TrialLeaseTests
{
    private static readonly LeaseHolder Anyone = new();
    private TemporaryFolder folder = null!;
    private TrialFiles files = null!;

    [SetUp]
    public void Make() => files = new ResultStore((folder = new TemporaryFolder()).Path).Files("trial");

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_trial_is_taken_once_and_released_by_disposing()
    {
        Assert.That(TrialLease.IsHeld(files), Is.False);
        var first = TrialLease.TryTake(files, Anyone)!;
        Assert.That(TrialLease.IsHeld(files));
        Assert.That(TrialLease.TryTake(files, Anyone), Is.Null);
        Assert.That(TrialLease.TryTake(new ResultStore(folder.Path).Files("trial"), Anyone), Is.Null, "another store of the same folder");
        TrialLease.TryTake(new ResultStore(folder.Path).Files("another"), Anyone)!.Dispose();
        Assert.That(files.ReadLease(), Is.EqualTo(first.Record));
        first.Dispose();
        Assert.That(Directory.GetFiles(files.Folder).Select(Path.GetFileName), Is.EqualTo(new[] { "lease.lock" }));
        using var again = TrialLease.TryTake(files, Anyone);
        Assert.That(again!.Record.Token, Is.Not.EqualTo(first.Record.Token));
    }

    [Test]
    public void The_lease_of_a_killed_process_does_not_hold_and_is_removed()
    {
        Leave(Environment.MachineName);
        File.WriteAllText(files.Running("dead"), "");
        Assert.That(TrialLease.IsHeld(files), Is.False);
        using var lease = TrialLease.TryTake(files, Anyone);
        Assert.That(lease, Is.Not.Null);
        Assert.That(files.Running("dead"), Does.Not.Exist);
    }

    [Test]
    public void A_holder_on_another_machine_counts_while_it_writes()
    {
        Leave("elsewhere");
        File.WriteAllText(files.Progress, "");
        Age(files.Lease, TrialLease.Silence * 3);
        Age(files.Progress, TrialLease.Silence / 2);
        Assert.That(TrialLease.IsHeld(files));
        Assert.That(TrialLease.TryTake(files, Anyone), Is.Null);
        Age(files.Progress, TrialLease.Silence * 2);
        Assert.That(TrialLease.IsHeld(files), Is.False);
        using var lease = TrialLease.TryTake(files, Anyone);
        Assert.That(lease, Is.Not.Null);
    }

    [Test]
    public void A_holder_on_another_machine_that_has_just_taken_it_has_not_written_yet()
    {
        Leave("elsewhere");
        Assert.That(TrialLease.TryTake(files, Anyone), Is.Null);
    }

    [Test]
    public void Without_locks_a_holder_on_this_machine_counts_while_it_writes()
    {
        Leave(Environment.MachineName, locks: false);
        Assert.That(TrialLease.IsHeld(files));
        Age(files.Lease, TrialLease.Silence * 2);
        Assert.That(TrialLease.IsHeld(files), Is.False);
        using var lease = TrialLease.TryTake(files, Anyone);
        Assert.That(lease!.Record.Locks, "this file system has locks");
    }

    [TestCase("7_3", 1, true)]
    [TestCase("7_3", 0, false, Description = "the same start")]
    [TestCase("7_2", 1, false, Description = "another member")]
    [TestCase(null, 1, false)]
    public void A_restarted_cluster_job_takes_it_at_once(string? job, int restart, bool isTaken)
    {
        using var first = TrialLease.TryTake(files, new LeaseHolder("7_3"))!;
        using var second = TrialLease.TryTake(files, new LeaseHolder(job, restart));
        Assert.That(second is not null, Is.EqualTo(isTaken));
    }

    [Test]
    public void A_copy_that_lost_its_lease_writes_and_releases_nothing()
    {
        var first = TrialLease.TryTake(files, new LeaseHolder("7_3"))!;
        var written = new List<string>();
        first.Commit(() => written.Add("before"));
        using var second = TrialLease.TryTake(files, new LeaseHolder("7_3", 1))!;
        Assert.That(() => first.Commit(() => written.Add("after")),
            Throws.InstanceOf<LeaseLostException>().With.Message.Contains($"process {Environment.ProcessId} on {Environment.MachineName}"));
        first.Dispose();
        second.Commit(() => written.Add("second"));
        Assert.That(written, Is.EqualTo(new[] { "before", "second" }));
        Assert.That(files.ReadLease(), Is.EqualTo(second.Record));
    }

    [Test]
    public void A_deleted_lease_is_lost()
    {
        using var lease = TrialLease.TryTake(files, Anyone)!;
        File.Delete(files.Lease);
        Assert.That(() => lease.Commit(() => Assert.Fail("it wrote")), Throws.InstanceOf<LeaseLostException>());
    }

    [Test]
    public void Of_many_concurrent_processes_one_takes_it()
    {
        var taken = new System.Collections.Concurrent.ConcurrentBag<TrialLease>();
        Parallel.For(0, 32, _ => { if (TrialLease.TryTake(files, Anyone) is { } own) taken.Add(own); });
        Assert.That(taken, Has.Count.EqualTo(1));
        foreach (var own in taken) own.Dispose();
    }

    [Test]
    public void Taking_waits_while_another_commits()
    {
        using var lease = TrialLease.TryTake(files, new LeaseHolder("7_3"))!;
        var order = new List<string>();
        Task? taking = null;
        lease.Commit(() =>
        {
            taking = Task.Run(() =>
            {
                using var second = TrialLease.TryTake(files, new LeaseHolder("7_3", 1));
                lock (order) order.Add("taken");
            });
            Thread.Sleep(100);
            lock (order) order.Add("written");
        });
        Assert.That(taking!.Wait(TimeSpan.FromSeconds(30)));
        Assert.That(order, Is.EqualTo(new[] { "written", "taken" }));
    }

    [Test]
    public void An_invalid_folder_is_an_error_and_not_a_holder()
    {
        Directory.CreateDirectory(folder.File("trials"));
        File.WriteAllText(files.Folder, "");
        Assert.That(() => TrialLease.TryTake(files, Anyone),
            Throws.InstanceOf<IOException>().With.Message.Contains(files.Folder).And.Message.Contains("--results"));
    }

    [Test]
    public void A_lock_that_cannot_be_opened_is_an_error_and_not_a_holder()
    {
        Directory.CreateDirectory(files.LeaseLock);
        Assert.That(() => TrialLease.TryTake(files, Anyone), Throws.InstanceOf<IOException>().With.Message.Contains("could not be taken"));
    }

    private void Leave(string host, bool locks = true)
    {
        Directory.CreateDirectory(files.Folder);
        File.WriteAllText(files.Lease, SpecJson.Write(new LeaseRecord("dead", host, 1, null, 0, DateTimeOffset.UnixEpoch, locks)));
    }

    private static void Age(string path, TimeSpan age) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
}
