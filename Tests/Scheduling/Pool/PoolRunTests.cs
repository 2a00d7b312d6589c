using Ablation.Experiments.Reports;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Images;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A run does the missing trials, keeps the finished ones, and continues when a trial fails.</summary>
[Category("Slow")]
public sealed class PoolRunTests
{
    private static readonly Suite Two = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 });
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;

    [SetUp]
    public void Make() => store = new ResultStore((folder = new TemporaryFolder()).Path);

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Running_again_runs_only_missing_trials()
    {
        Assert.That(Run(Two, out _), Is.EqualTo(new RunOutcome(2, 0, 0, 0)));
        var kept = File.ReadAllBytes(ResultOf("Softmax"));
        Assert.That(Run(Two, out var nothing), Is.EqualTo(new RunOutcome(0, 2, 0, 0)));
        Assert.That(nothing, Is.Empty);

        File.Delete(ResultOf("ArcFace"));
        Assert.That(Run(Two, out var one), Is.EqualTo(new RunOutcome(1, 1, 0, 0)));
        Assert.That(one, Is.EqualTo(new[] { "start 2/2 ArcFace", "end ArcFace Done" }));
        Assert.That(File.ReadAllBytes(ResultOf("Softmax")), Is.EqualTo(kept));
        Assert.That(Directory.GetFiles(store.TrialFolder(Two.Id("ArcFace"))).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "attempts.jsonl", "history.csv", "result.json", "scores-synthetic-pairs-difficulty-0-5.npz", "spec.json",
                "weights.bin" }), "no file that only an unfinished trial needs");
        Assert.That(Directory.Exists(folder.File("pools")), Is.False);
    }

    [Test]
    public void Files_left_by_a_trial_killed_after_its_result_are_removed()
    {
        Run(Two, out _);
        var files = store.Files(Two.Id("Softmax"));
        var whole = Directory.GetFiles(files.Folder);
        File.WriteAllText(files.Lease,
            SpecJson.Write(new LeaseRecord("dead", Environment.MachineName, 1, null, 0, DateTimeOffset.UnixEpoch)));
        foreach (var left in (string[])["running-dead.lock", "checkpoint-9.bin", "progress.json", "history.csv.77.tmp"])
            File.WriteAllText(Path.Combine(files.Folder, left), "");
        Assert.That(Run(Two, out _), Is.EqualTo(new RunOutcome(0, 2, 0, 0)));
        Assert.That(Directory.GetFiles(files.Folder), Is.EquivalentTo(whole));

        File.WriteAllText(Path.Combine(files.Folder, "checkpoint-9.bin"), "the weights");
        files.Abandon(keepCheckpoint: true);
        Assert.That(Path.Combine(files.Folder, "checkpoint-9.bin"), Does.Exist);
    }

    [Test]
    public void A_failed_trial_stops_no_other_and_is_recorded_reported_and_tried_again()
    {
        var suite = TinySuite.Of(TinySuite.Failing, new SoftmaxOptions());
        Assert.That(Run(suite, out var lines), Is.EqualTo(new RunOutcome(1, 0, 1, 0)));
        Assert.That(lines[1],
            Does.StartWith("stopped Npt Failed").And.Contains("8 identities").And.EndsWith("tried again at the next run"));

        var failure = store.LoadFailure(suite.Id("Npt"))!;
        Assert.That((failure.Label, failure.Seed, failure.Reason), Is.EqualTo(("Npt", 1, EndReason.Failed)));
        Assert.That(failure.Error, Does.Contain("k = 100 with 8 identities"));
        Assert.That(failure.Detail, Does.Contain("ArgumentException"));
        SuiteReport.Write(suite, store);
        var report = File.ReadAllText(folder.File("report.md"));
        Assert.That(report,
            Does.Contain("2 trials: 1 done, 0 diverged, 1 failed, 0 not run").And.Contains(
                "Npt, seed 1 failed: losses: synthetic (8 x 8, difficulty 0.5): Npt: k = 100 with 8 identities"));

        Assert.That(Run(suite, out _), Is.EqualTo(new RunOutcome(0, 1, 1, 0)));
        var attempts = store.Files(suite.Id("Npt")).ReadAttempts();
        Assert.That(attempts.Select(attempt => (attempt.Event, attempt.Reason)), Is.EqualTo(new (AttemptEvent, EndReason?)[]
            { (AttemptEvent.Start, null), (AttemptEvent.End, EndReason.Failed), (AttemptEvent.Start, null),
                (AttemptEvent.End, EndReason.Failed) }));
    }

    [Test]
    public void A_trial_without_data_is_finished_when_the_data_exist()
    {
        var place = Tiny.Place with { Data = new DataRoot(folder.Path) };
        var suite = TinySuite.Of(new SoftmaxOptions()) with { Data = [new FolderOptions { Path = "faces" }] };
        Assert.That(TinyPool.Run(suite, store, new RecordingView(), place: place), Is.EqualTo(new RunOutcome(0, 0, 1, 0)));
        var id = suite.Id("Softmax");
        Assert.That(store.LoadFailure(id)!.Error, Does.Contain("no such folder"));

        using (var source = Tiny.Spec(new SoftmaxOptions()).Data.Open(place.Data))
        {
            for (var image = 0; image < source.Count; image++)
            {
                Directory.CreateDirectory(folder.File($"faces/{source.IdentityOf(image)}"));
                File.WriteAllBytes(folder.File($"faces/{source.IdentityOf(image)}/{image}.png"), Pictures.Png(source.Read(image).Image));
            }
        }

        Assert.That(TinyPool.Run(suite, store, new RecordingView(), place: place), Is.EqualTo(new RunOutcome(1, 0, 0, 0)));
        Assert.That(store.LoadFailure(id), Is.Null);
    }

    [Test]
    public void Cancelling_keeps_finished_trials_and_running_ones_resume_in_the_next_run()
    {
        using var cancel = new CancellationTokenSource();
        var view = new RecordingView(trial => { if (trial.Label == "ArcFace") cancel.Cancel(); });
        Assert.That(() => TinyPool.Run(Two, store, view, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(store.Has(Two.Id("Softmax")));
        Assert.That(view.Lines, Does.Contain("the run was stopped: running trials save checkpoints and stop"));
        if (!store.Has(Two.Id("ArcFace"))) // it may have ended before the stop
        {
            Assert.That(view.Lines[^1], Is.EqualTo("stopped ArcFace Cancelled: the run was stopped; resumes at the next run"));
            Assert.That(store.LoadFailure(Two.Id("ArcFace")), Is.Null);
        }

        Run(Two, out _);
        Assert.That(store.Has(Two.Id("ArcFace")));
    }

    [Test]
    public void A_trial_held_by_another_process_is_not_run()
    {
        using (TrialLease.TryTake(store.Files(Two.Id("Softmax")), new LeaseHolder()))
        {
            Assert.That(Run(Two, out var lines), Is.EqualTo(new RunOutcome(1, 0, 0, 1)));
            Assert.That(lines[0], Is.EqualTo("start 2/2 ArcFace"));
        }

        Assert.That(store.Has(Two.Id("Softmax")), Is.False);
        Assert.That(Run(Two, out _), Is.EqualTo(new RunOutcome(1, 1, 0, 0)));
    }

    [Test]
    public void A_trial_released_by_another_process_is_run_in_the_same_run()
    {
        var lease = TrialLease.TryTake(store.Files(Two.Id("Softmax")), new LeaseHolder())!;
        var view = new RecordingView(_ => lease.Dispose());
        Assert.That(TinyPool.Run(Two, store, view), Is.EqualTo(new RunOutcome(2, 0, 0, 0)));
        Assert.That(view.Lines, Is.EqualTo(new[] { "start 2/2 ArcFace", "end ArcFace Done", "start 1/2 Softmax", "end Softmax Done" }));
    }

    [Test]
    public void A_store_that_cannot_be_written_stops_the_run_without_a_failure_of_the_trial()
    {
        Directory.CreateDirectory(Path.Combine(store.TrialFolder(Two.Id("Softmax")), "history.csv")); // as a full disk would refuse
        var view = new RecordingView();
        Assert.That(() => TinyPool.Run(Two, store, view), Throws.InstanceOf<IOException>().With.Message.Contains("could not be written"));
        Assert.That(view.Lines, Has.None.Contains("ArcFace"), "the second is not trained into a full disk");
        Assert.That(store.LoadFailure(Two.Id("Softmax")), Is.Null);
    }

    [Test]
    public void Two_tests_of_one_name_fail_before_training()
    {
        var spec = Tiny.Spec(new SoftmaxOptions());
        var twice = spec with { Tests = [spec.Tests[0], new SyntheticPairsOptions { Pairs = 200, Resolution = 32 }] };
        Assert.That(() => Tiny.Run(twice),
            Throws.ArgumentException.With.Message.Contains("two are called \"synthetic pairs (difficulty 0.5)\""));
    }

    private RunOutcome Run(Suite suite, out List<string> lines)
    {
        var view = new RecordingView();
        var outcome = TinyPool.Run(suite, store, view);
        lines = view.Lines;
        return outcome;
    }

    private string ResultOf(string label) => Path.Combine(store.TrialFolder(Two.Id(label)), "result.json");
}
