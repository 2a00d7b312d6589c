using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Slurm;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>The files in a trial's folder decide whether it is submitted.</summary>
public sealed class PendingTrialsTests
{
    private static readonly Suite One = TinySuite.Of(new SoftmaxOptions());
    private static readonly string Id = One.Id("Softmax");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly QueueAnswer Unknown = new(null);
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;
    private TrialFiles files = null!;

    [SetUp]
    public void Make()
    {
        store = new ResultStore((folder = new TemporaryFolder()).Path);
        files = new TrialFiles(store.TrialFolder(Id));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_new_trial_is_submitted_and_one_with_a_result_never()
    {
        Assert.That(Place(Unknown), Is.EqualTo("submit"));
        store.Save(ExampleOutput.Of(One.Trials()[0].Spec, "Softmax", 1));
        Lease("12_0", Now);
        Assert.That(Place(Unknown), Is.EqualTo("kept"));
    }

    [Test]
    public void A_failed_trial_is_submitted_on_request()
    {
        store.Save(new TrialFailure(Id, "Softmax", 1, Now, "no such folder", "detail"));
        Assert.That(Place(Unknown), Is.EqualTo("failed"));
        Assert.That(Place(Unknown, new SlurmOptions(RetryFailed: true)), Is.EqualTo("submit"));
    }

    [Test]
    public void Attempts_count_if_they_ended_by_a_fault_or_without_a_record()
    {
        var options = new SlurmOptions(RetryFailed: true, MaxAttempts: 3);
        foreach (var reason in new[] { EndReason.Interrupted, EndReason.Cancelled, EndReason.LeaseLost, EndReason.Interrupted })
            Attempt(reason);
        Attempt(EndReason.OutOfMemory);
        Attempt(null);
        Assert.That(Place(Unknown, options), Is.EqualTo("submit"), "two of three");
        Attempt(EndReason.Failed);
        Assert.That(Place(Unknown, options), Is.EqualTo("exhausted"));
        Assert.That(Place(Unknown, options with { MaxAttempts = 4 }), Is.EqualTo("submit"));
    }

    [Test]
    public void A_trial_with_recent_progress_in_another_pool_is_not_submitted()
    {
        Lease(null, Now.AddMinutes(-2.9));
        Assert.That(Place(Unknown), Is.EqualTo("elsewhere"), "just taken");
        Lease(null, Now.AddHours(-1));
        Assert.That(Place(Unknown), Is.EqualTo("submit"), "no progress");
        Progress("another", Now);
        Assert.That(Place(Unknown), Is.EqualTo("submit"), "progress of an earlier attempt");
        Progress("token", Now.AddMinutes(-2.9));
        Assert.That(Place(Unknown), Is.EqualTo("elsewhere"));
        Progress("token", Now.AddMinutes(-3.1));
        Assert.That(Place(Unknown), Is.EqualTo("submit"));
        Progress("token", Now);
        JsonLines.Append(files.Attempts, new Attempt(AttemptEvent.End, "token", Now, "n1", 1, Reason: EndReason.Interrupted));
        Assert.That(Place(Unknown), Is.EqualTo("submit"), "its end is recorded");
    }

    [Test]
    public void A_known_queue_decides_about_jobs_of_the_cluster()
    {
        Lease("12_0", Now);
        Progress("token", Now);
        Assert.That(Place(Unknown), Is.EqualTo("elsewhere"));
        Assert.That(Place(Queue("12_0", "CANCELLED")), Is.EqualTo("submit"), "cancelled a second ago");
        Assert.That(Place(Queue("99_0", "RUNNING")), Is.EqualTo("submit"), "no longer in the queue");
        Progress("token", Now.AddHours(-1));
        Assert.That(Place(Queue("12_0", "RUNNING")), Is.EqualTo("elsewhere"));
        Lease(null, Now);
        Assert.That(Place(Queue("99_0", "RUNNING")), Is.EqualTo("submit"), "not a job of the cluster, and no progress for an hour");
    }

    [Test]
    public void A_trial_submitted_twice_waits_while_either_job_waits()
    {
        var members = new[] { (Id, Member: "12_0"), (Id, Member: "13_4") }.ToLookup(pair => pair.Id, pair => pair.Member);
        Assert.That(Place(Queue("12_0", "FAILED"), members: members), Is.EqualTo("submit"));
        Assert.That(Place(Queue("12_0", "PENDING"), members: members), Is.EqualTo("elsewhere"));
        Assert.That(Place(Queue("13_4", "PENDING"), members: members), Is.EqualTo("elsewhere"));
    }

    private static QueueAnswer Queue(string name, string state) => new(new Dictionary<string, QueueMember> { [name] = new(state, "None") });

    private string Place(QueueAnswer queue, SlurmOptions? options = null, ILookup<string, string>? members = null)
    {
        var work = new SuiteWork(One, One.Trials(), store, new ProcessSettings(".", "cpu", 1));
        var pending = PendingTrials.Select(work, members ?? Array.Empty<string>().ToLookup(id => id), queue, options
            ?? new SlurmOptions(), Now);
        var places = new[] { ("submit", pending.Trials.Count), ("kept", pending.Kept), ("elsewhere", pending.InProgress),
            ("failed", pending.Failed.Count), ("exhausted", pending.Exhausted.Count) };
        Assert.That(places.Sum(place => place.Item2), Is.EqualTo(1));
        return places.Single(place => place.Item2 == 1).Item1;
    }

    private void Lease(string? job, DateTimeOffset taken) =>
        AtomicFile.Write(files.Lease, SpecJson.Write(new LeaseRecord("token", "n1", 1, job, 0, taken)));

    private void Progress(string token, DateTimeOffset updated) =>
        AtomicFile.Write(files.Progress,
            SpecJson.Write(new TrialProgress(token, TrialPhase.Training, 1, 2, 0.5, null, null, Now.AddHours(-2), updated, updated, 1)));

    private void Attempt(EndReason? reason)
    {
        var token = Guid.NewGuid().ToString();
        JsonLines.Append(files.Attempts, new Attempt(AttemptEvent.Start, token, Now, "n1", 1));
        if (reason is not null) JsonLines.Append(files.Attempts, new Attempt(AttemptEvent.End, token, Now, "n1", 1, Reason: reason));
    }
}
