using Ablation.Experiments;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Data;
using Ablation.Losses;
using Ablation.Tests.Data;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling;

/// <summary>A run does what is missing, keeps what is finished, and lets no trial take another with it.</summary>
public sealed class SuiteRunnerTests
{
    private static readonly Suite Two = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 });
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;

    [SetUp]
    public void Make() => store = new ResultStore((folder = new TemporaryFolder()).Path);

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Running_again_runs_only_what_is_missing()
    {
        Assert.That(Run(Two, out _), Is.EqualTo(new RunOutcome(2, 0, 0, 0)));
        var kept = File.ReadAllBytes(ResultOf("Softmax"));
        Assert.That(Run(Two, out var nothing), Is.EqualTo(new RunOutcome(0, 2, 0, 0)));
        Assert.That(nothing, Is.Empty);

        File.Delete(ResultOf("ArcFace"));
        Assert.That(Run(Two, out var one), Is.EqualTo(new RunOutcome(1, 1, 0, 0)));
        Assert.That(one, Is.EqualTo(new[] { "start 2/2 ArcFace", "end ArcFace Done" }));
        Assert.That(File.ReadAllBytes(ResultOf("Softmax")), Is.EqualTo(kept));
        Assert.That(Directory.GetFiles(folder.Path, "*.lock", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void A_failed_trial_stops_no_other_and_is_noted_reported_and_tried_again()
    {
        var suite = TinySuite.Of(TinySuite.Failing, new SoftmaxOptions());
        Assert.That(Run(suite, out var lines), Is.EqualTo(new RunOutcome(1, 0, 1, 0)));
        Assert.That(lines[1], Does.StartWith("fail Npt ").And.Contains("8 identities"));

        var failure = store.LoadFailure(suite.Id("Npt"))!;
        Assert.That((failure.Label, failure.Seed), Is.EqualTo(("Npt", 1)));
        Assert.That(failure.Error, Does.Contain("k = 100 with 8 identities"));
        Assert.That(failure.Detail, Does.Contain("ArgumentException"));
        SuiteReport.Write(suite, store);
        var report = File.ReadAllText(folder.File("report.md"));
        Assert.That(report, Does.Contain("2 trials: 1 done, 0 diverged, 1 failed, 0 not run").And.Contains("Npt, seed 1 failed: Npt: k = 100 with 8 identities"));

        Assert.That(Run(suite, out _), Is.EqualTo(new RunOutcome(0, 1, 1, 0)));
    }

    [Test]
    public void A_trial_whose_data_come_later_is_finished_then()
    {
        var place = Tiny.Place with { Data = new DataRoot(folder.Path) };
        var suite = TinySuite.Of(new SoftmaxOptions()) with { Data = new FolderOptions { Path = "faces" } };
        PlannedTrial[] trials = [.. suite.Trials(), .. Two.Trials().Take(1)];
        Assert.That(SuiteRunner.Run(trials, store, place, new RecordingView(), default), Is.EqualTo(new RunOutcome(1, 0, 1, 0)));
        Assert.That(store.LoadFailure(trials[0].Spec.Id())!.Error, Does.Contain("no such folder"));

        using (var source = Tiny.Spec(new SoftmaxOptions()).Data.Open(place.Data))
        {
            for (var image = 0; image < source.Count; image++)
            {
                Directory.CreateDirectory(folder.File($"faces/{source.IdentityOf(image)}"));
                File.WriteAllBytes(folder.File($"faces/{source.IdentityOf(image)}/{image}.png"), Pictures.Png(source.Read(image).Image));
            }
        }

        Assert.That(SuiteRunner.Run(trials, store, place, new RecordingView(), default), Is.EqualTo(new RunOutcome(1, 1, 0, 0)));
        Assert.That(store.LoadFailure(trials[0].Spec.Id()), Is.Null);
    }

    [Test]
    public void Cancelling_keeps_the_finished_and_leaves_nothing_of_the_running()
    {
        using var cancel = new CancellationTokenSource();
        var view = new RecordingView(trial => { if (trial.Label == "ArcFace") cancel.Cancel(); });
        var suite = Two with { Trainings = [TinySuite.Training with { Epochs = 3 }] };
        Assert.That(() => SuiteRunner.Run(suite.Trials(), store, Tiny.Place, view, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(store.Has(suite.Id("Softmax")));
        Assert.That(Directory.GetFiles(store.TrialFolder(suite.Id("ArcFace"))), Is.Empty, "no result, no failure, no lock");
        Assert.That(Run(suite, out _), Is.EqualTo(new RunOutcome(1, 1, 0, 0)));
    }

    [Test]
    public void A_trial_that_another_process_has_is_left_to_it_and_said_so()
    {
        using (store.TryTake(Two.Id("Softmax")))
        {
            Assert.That(Run(Two, out var lines), Is.EqualTo(new RunOutcome(1, 0, 0, 1)));
            Assert.That(lines[0], Does.Contain("Softmax, seed 1: another process runs it").And.Contains(Two.Id("Softmax")));
        }

        Assert.That(store.Has(Two.Id("Softmax")), Is.False);
        Assert.That(Run(Two, out _), Is.EqualTo(new RunOutcome(1, 1, 0, 0)));
    }

    [Test]
    public void A_store_that_cannot_be_written_stops_the_run_and_is_no_failure_of_the_trial()
    {
        Directory.CreateDirectory(Path.Combine(store.TrialFolder(Two.Id("Softmax")), "history.csv")); // as a full disk would refuse
        var view = new RecordingView();
        Assert.That(() => SuiteRunner.Run(Two.Trials(), store, Tiny.Place, view, default), Throws.InstanceOf<IOException>().With.Message.Contains("could not be written"));
        Assert.That(view.Lines, Is.EqualTo(new[] { "start 1/2 Softmax" }), "the second is not trained into a full disk");
        Assert.That(store.LoadFailure(Two.Id("Softmax")), Is.Null);
    }

    [Test]
    public void Two_tests_of_one_name_fail_before_training()
    {
        var spec = Tiny.Spec(new SoftmaxOptions());
        var twice = spec with { Tests = [spec.Tests[0], new Ablation.Harness.Data.Synthetic.SyntheticPairsOptions { Pairs = 200, Resolution = 32 }] };
        Assert.That(() => Tiny.Run(twice), Throws.ArgumentException.With.Message.Contains("two are called \"synthetic pairs (difficulty 0.5)\""));
    }

    private RunOutcome Run(Suite suite, out List<string> lines)
    {
        var view = new RecordingView();
        var outcome = SuiteRunner.Run(suite.Trials(), store, Tiny.Place, view, CancellationToken.None);
        lines = view.Lines;
        return outcome;
    }

    private string ResultOf(string label) => Path.Combine(store.TrialFolder(Two.Id(label)), "result.json");
}
