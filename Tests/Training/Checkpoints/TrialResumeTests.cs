using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Tests.Images;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Training.Checkpoints;

/// <summary>Whole trials, interrupted in training and in evaluation.</summary>
[Category("Slow")]
public sealed class TrialResumeTests
{
    private static readonly TrialSpec Spec = Tiny.Spec(new SphereFaceOptions { LambdaBase = 10 }) with
    {
        Tests = [new SyntheticPairsOptions { Pairs = 40, Resolution = 16 },
            new SyntheticPairsOptions { Pairs = 60, Resolution = 16, Difficulty = 0.7 }],
    };

    private static readonly Lazy<TrialOutput> Undisturbed = new(() => Run(Spec, null));

    [Test]
    public void A_trial_stopped_after_every_step_and_every_test_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var (attempts, started) = (0, new List<long>());
        TrialOutput? output = null;
        while (output is null && attempts < 20)
        {
            using var stop = new CancellationTokenSource();
            attempts++;
            // after the last step the first attempt is stopped before each test
            var watch = new Recorder
            {
                OnStart = started.Add,
                OnStep = _ => stop.Cancel(),
                OnTest = _ => { if (attempts == 9) stop.Cancel(); }
            };
            try
            {
                output = Run(Spec, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never), watch, Stop: stop.Token));
            }
            catch (TrialInterruptedException)
            {
                // and again
            }
        }

        Assert.That(started, Is.EqualTo(new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 8 }),
            "eight steps, the first test, and both tests at once");
        Same(output!);
        Assert.That(output!.Result.Provenance.Restarts, Is.EqualTo(8),
            "an attempt that only evaluated saved nothing; only its caller counts it");
    }

    [Test]
    public void A_trial_killed_during_evaluation_is_only_evaluated_again()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path, Attempts.Never);
        Assert.That(() => Run(Spec, new TrialControl(checkpoints, new Recorder { OnTest = _ => throw new TimeoutException("killed") })),
            Throws.TypeOf<TimeoutException>());
        var steps = 0;
        var watch = new Recorder { OnStep = _ => steps++ };
        var output = Run(Spec, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never), watch, Restarts: 3));
        Assert.That(steps, Is.Zero);
        Assert.That(watch.Tests, Is.EqualTo(output.Scores.Select(score => score.Test)));
        Same(output);
        Assert.That(output.Result.Provenance.Restarts, Is.EqualTo(3), "as counted by its caller");
        Assert.That(output.Result.Provenance.Seconds, Is.GreaterThan(0));
    }

    [Test]
    public void Measurements_of_earlier_attempts_are_included()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() =>
            Run(Spec, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 4),
                new Recorder { OnStep = step => { if (step == 5) throw new TimeoutException(); } })),
            Throws.TypeOf<TimeoutException>());
        var saved = Checkpoint.Open(folder.File("checkpoint-4.bin")).Header;
        Assert.That((saved.Restarts, saved.Loop.Step, saved.Loop.Images, saved.Threads), Is.EqualTo((0, 4, 64, 1)));
        var output = Run(Spec, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never)));
        Assert.That(output.Result.Provenance.Started, Is.EqualTo(saved.Spent.Started));
        Assert.That(output.Result.Provenance.Seconds, Is.GreaterThan(saved.Spent.Seconds));
        Assert.That(output.Result.Provenance.Restarts, Is.EqualTo(1));
    }

    [Test]
    public void Pictures_skipped_by_an_earlier_attempt_are_counted()
    {
        using var faces = new TemporaryFolder();
        for (var image = 0; image < 32; image++)
        {
            var path = faces.File($"{image % 4}/{image}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, image % 9 == 2 ? [1, 2, 3] : Pictures.Png(Pictures.Smooth(image, 16, 16)));
        }

        var spec = Spec with
        {
            Data = new FolderOptions { Path = faces.Path },
            Training = Tiny.Training with { OnBadImage = OnBadImage.Skip }
        };
        using var folder = new TemporaryFolder();
        Assert.That(() =>
            Run(spec, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never),
                new Recorder { OnTest = _ => throw new TimeoutException("killed") })), Throws.TypeOf<TimeoutException>());
        Assert.That(Run(spec, new TrialControl(new CheckpointFolder(folder.Path, Attempts.Never))).Result.BadImages, Is.EqualTo(4));
    }

    [Test]
    public void A_training_ended_by_its_rule_is_not_evaluated_and_has_no_figure()
    {
        var output = Run(Spec with { Training = Tiny.Training with { LearningRate = 1e-9, Stop = new StopOptions { ChanceEpochs = 1 } } },
            null);
        Assert.Multiple(() =>
        {
            Assert.That(output.Result.Status, Is.EqualTo(TrialStatus.AtChance));
            Assert.That(output.Result.Ending(), Is.EqualTo("at chance at step 4"));
            Assert.That(output.Result.Stopped!.Step, Is.EqualTo(output.Result.Steps).And.EqualTo(4));
            Assert.That(output.Result.Metrics, Is.Empty);
            Assert.That(output.Scores, Is.Empty);
            Assert.That(output.Result.FinalLoss, Is.Null);
            Assert.That(output.History, Has.Count.EqualTo(1));
            Assert.That(SpecJson.Write(SpecJson.Read<TrialResult>(SpecJson.Write(output.Result))),
                Is.EqualTo(SpecJson.Write(output.Result)));
        });
    }

    [Test]
    public void Pieces_are_recorded_and_too_many_are_refused_before_reading()
    {
        var output = Run(Spec, new TrialControl(Split: 2));
        Assert.That(output.Result.Split, Is.EqualTo(2));
        Assert.That(output.Result.Weights, Is.Not.EqualTo(Undisturbed.Value.Result.Weights), "batch statistics");
        Assert.That(output.Result.Pairing, Is.EqualTo(Undisturbed.Value.Result.Pairing));
        Assert.That(() => Run(Spec with { Data = new FolderOptions { Path = "nowhere" } }, new TrialControl(Split: 9)),
            Throws.ArgumentException.With.Message.Contains("8 pieces are the most"));
    }

    private static TrialOutput Run(TrialSpec spec, TrialControl? control) =>
        Trial.Run(spec, "label", Tiny.Place, control, CancellationToken.None);

    private static void Same(TrialOutput output)
    {
        var whole = Undisturbed.Value;
        Assert.Multiple(() =>
        {
            Assert.That(output.Result.Weights, Is.EqualTo(whole.Result.Weights).And.Length.EqualTo(64));
            Assert.That(HistoryCsv.Write(output.History), Is.EqualTo(HistoryCsv.Write(whole.History)));
            Assert.That(output.Bits(), Is.EqualTo(whole.Bits()));
            Assert.That(output.Result.Metrics, Is.EqualTo(whole.Result.Metrics));
            Assert.That(output.Result.Head, Is.EqualTo(whole.Result.Head).And.Not.Null);
            Assert.That((output.Result.Status, output.Result.Steps, output.Result.FinalLoss),
                Is.EqualTo((whole.Result.Status, whole.Result.Steps, whole.Result.FinalLoss)));
        });
    }
}
