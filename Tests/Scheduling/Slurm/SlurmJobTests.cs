using Ablation.Experiments.Scheduling.Slurm;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>A trial identifies its job and requeues it a limited number of times.</summary>
[NonParallelizable]
[Platform(Exclude = "Win", Reason = "SLURM's commands are faked by shell scripts")]
public sealed class SlurmJobTests
{
    private static readonly SlurmJob Job = new("12_3", 0);
    private FakeSlurm slurm = null!;
    private TemporaryFolder folder = null!;
    private TrialFiles files = null!;

    [SetUp]
    public void Make()
    {
        slurm = new FakeSlurm();
        slurm.Command("scontrol", "true");
        files = new TrialFiles((folder = new TemporaryFolder()).Path);
    }

    [TearDown]
    public void Remove()
    {
        slurm.Dispose();
        folder.Dispose();
    }

    [Test]
    public void A_member_is_identified_by_array_and_task_and_never_by_its_raw_id()
    {
        Assert.That(From(("SLURM_JOB_ID", "15"), ("SLURM_ARRAY_JOB_ID", "12"), ("SLURM_ARRAY_TASK_ID", "0"), ("SLURM_RESTART_COUNT", "2")),
            Is.EqualTo(new SlurmJob("12_0", 2)));
        Assert.That(From(("SLURM_JOB_ID", "15")), Is.EqualTo(new SlurmJob("15", 0)));
        Assert.That(From(("SLURM_JOB_ID", "15"), ("SLURM_ARRAY_JOB_ID", ""), ("SLURM_RESTART_COUNT", "")),
            Is.EqualTo(new SlurmJob("15", 0)));
        Assert.That(From(), Is.Null);
    }

    [Test]
    public void A_requeue_calls_scontrol_and_counts_only_starts_of_this_job()
    {
        Start("12_3");
        Start("12_3");
        Start("11_3"); // an earlier submission
        JsonLines.Append(files.Attempts,
            new Attempt(AttemptEvent.End, "b", DateTimeOffset.UnixEpoch, "n1", 1, "12_3", Reason: EndReason.Interrupted));
        Assert.That(Job.Requeue(files), Is.EqualTo("job 12_3 requeued, 2 of at most 50 times"));
        Assert.That(slurm.Calls, Is.EqualTo(new[] { "scontrol requeue 12_3" }));
    }

    [Test]
    public void Requeues_are_limited_by_the_files_and_by_SLURMs_count()
    {
        for (var i = 0; i < 3; i++) Start("12_3");
        Assert.That(Job.Requeue(files, 3), Is.EqualTo("job 12_3 requeued, 3 of at most 3 times"), "two requeues so far");
        slurm.Forget();
        Start("12_3");
        Assert.That(Job.Requeue(files, 3), Does.StartWith("job 12_3 was requeued 3 times"));
        Assert.That((Job with { Restarts = 3 })
            .Requeue(new TrialFiles(folder.File("none")), 3),
            Does.Contain("requeued 3 times, and 3 is the most").And.Contain("ablation submit"));
        Assert.That(slurm.Calls, Is.Empty);
    }

    [Test]
    public void A_refusal_is_reported_without_an_exception()
    {
        slurm.Command("scontrol", "echo 'Requested operation is presently disabled for job 12_3' >&2; exit 1");
        Assert.That(Job.Requeue(files),
            Does.StartWith("scontrol requeue 12_3: Requested operation is presently disabled").And.Contain("ablation submit"));
        slurm.Remove("scontrol");
        Assert.That(Job.Requeue(files), Does.StartWith("scontrol: could not be started"));
    }

    [Test]
    public void SLURMs_SIGTERM_may_reach_scontrol_before_the_trial()
    {
        slurm.Command("scontrol", "kill -TERM $$");
        Assert.That(Job.Requeue(files), Does.StartWith("job 12_3 requeued"));
    }

    private void Start(string job) =>
        JsonLines.Append(files.Attempts,
            new Attempt(AttemptEvent.Start, Guid.NewGuid().ToString(), DateTimeOffset.UnixEpoch, "n1", 1, job, FromStep: 0));

    private static SlurmJob? From(params (string Name, string Value)[] variables) =>
        SlurmJob.From(name => variables.FirstOrDefault(one => one.Name == name).Value);
}
