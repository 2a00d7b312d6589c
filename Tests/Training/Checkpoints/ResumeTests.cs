using Ablation.Harness.Kernels;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Losses;

namespace Ablation.Tests.Training.Checkpoints;

/// <summary>An interrupted training gives the same bytes as an uninterrupted one.</summary>
[Category("Slow")]
public sealed class ResumeTests
{
    private static readonly LossOptions Annealed = new SphereFaceOptions { LambdaBase = 10, LambdaMinimum = 0 };

    [TestCaseSource(typeof(LossCases), nameof(LossCases.Found))]
    public void Every_loss_resumes_after_every_step(LossOptions loss) => StepByStep(loss, Attempts.Training);

    public static IEnumerable<TestCaseData> Loops()
    {
        var plain = Attempts.Training;
        yield return Case("AdamW", plain with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.01 });
        yield return Case("AdamW in two micro-batches",
            plain with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.01, Accumulate = 2 });
        yield return Case("SGD in two micro-batches", plain with { Accumulate = 2 });
        yield return Case("clipped", plain with { ClipNorm = 0.1 });
        yield return Case("no momentum", plain with { Momentum = 0 });
        yield return Case("a rate by epoch", plain with { Pace = SchedulePace.Epoch });
        yield return Case("a last batch that is not full", plain with { Batch = 10, Epochs = 4, DropLast = false });
        yield return Case("proxies from xavier, norms that decay by kind",
            plain with { ProxyStart = new XavierOptions(), Decay = new DecayOptions { Norms = true, Prelu = false } });
        yield return Case("straight", plain with { Head = new HeadOptions { Implementation = HeadImplementation.Straight } });
        yield return Case("partial FC", plain with { Head = new HeadOptions { PartialRate = 0.75 } });
        yield return Case("bfloat16", plain with { Precision = Precision.BFloat16 });

        static TestCaseData Case(string name, TrainingOptions training) => new TestCaseData(training).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Loops))]
    public void Every_kind_of_training_resumes_after_every_step(TrainingOptions training) => StepByStep(Annealed, training);

    [Test]
    public void A_training_in_pieces_resumes_after_every_step() => StepByStep(Annealed, Attempts.Training, new LoopOptions(Split: 2));

    [Test]
    public void A_training_killed_at_any_step_resumes_from_its_last_checkpoint([Range(1, Attempts.Steps)] int step)
    {
        using var folder = new TemporaryFolder();
        var attempts = new Attempts(Annealed, Attempts.Training);
        attempts.KilledAt(step, new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 3));
        var begun = -1L;
        var left = attempts.Run(new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 3),
            new Recorder { OnStart = at => begun = at });
        Same(left, attempts.Run());
        Assert.That(begun, Is.EqualTo((step - 1) / 3 * 3), "the watch is called before the checkpoint of a step is written");
    }

    [Test]
    public void Checkpoints_at_any_interval_change_nothing()
    {
        using var folder = new TemporaryFolder();
        var attempts = new Attempts(Annealed, Attempts.Training);
        var watch = new Recorder();
        Same(attempts.Run(new CheckpointFolder(folder.Path, TimeSpan.Zero), watch), attempts.Run());
        Assert.That(watch.SavedSteps, Is.EqualTo(Enumerable.Range(1, Attempts.Steps)));
        Assert.That(watch.Reported, Is.Empty);
    }

    [Test]
    public void The_compared_bytes_depend_on_masks_momentum_and_annealing()
    {
        var plain = new Attempts(Annealed, Attempts.Training).Run();
        Assert.That(new Attempts(Annealed, Attempts.Training with { Momentum = 0.89 }).Run().Weights, Is.Not.EqualTo(plain.Weights));
        Assert.That(new Attempts(new SphereFaceOptions { LambdaBase = 11, LambdaMinimum = 0 }, Attempts.Training)
            .Run().Weights, Is.Not.EqualTo(plain.Weights));
        Assert.That(plain.History, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_stop_before_the_first_step_takes_no_step()
    {
        using var folder = new TemporaryFolder();
        var steps = 0;
        Assert.That(() => new Attempts(Annealed, Attempts.Training).Run(new CheckpointFolder(folder.Path, Attempts.Never),
            new Recorder { OnStep = _ => steps++ }, new CancellationToken(canceled: true)), Throws.TypeOf<TrialInterruptedException>());
        Assert.That(steps, Is.Zero);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void With_another_number_of_threads_it_resumes_with_a_warning()
    {
        using var folder = new TemporaryFolder();
        var attempts = new Attempts(Annealed, Attempts.Training);
        attempts.KilledAt(5, new CheckpointFolder(folder.Path, Attempts.Never, everySteps: 3));
        var watch = new Recorder();
        attempts.Run(new CheckpointFolder(folder.Path, Attempts.Never), watch, threads: 2);
        Assert.That(watch.Reported, Has.Count.EqualTo(1));
        Assert.That(watch.Reported[0], Does.Contain("1 threads, now it is 2").And.Contain("may round differently"));
    }

    [Test]
    public void Another_program_or_processor_is_reported_too()
    {
        using var folder = new TemporaryFolder();
        new Attempts(Annealed, Attempts.Training).KilledAt(2, new CheckpointFolder(folder.Path, TimeSpan.Zero));
        var header = Checkpoint.Open(folder.File("checkpoint-1.bin")).Header;
        var owner = new CheckpointOwner("spec", 1, 1, "cpu");
        Assert.That(owner.Differences(header), Is.Empty);
        Assert.That(owner.Differences(header with { Commit = "0123", Processor = "abacus" }).Select(line => line[..line.IndexOf(',')]),
            Is.EqualTo(new[] { "was made on a abacus", "was made by commit 0123" }));
    }

    private static void StepByStep(LossOptions loss, TrainingOptions training, LoopOptions? loop = null)
    {
        using var folder = new TemporaryFolder();
        var attempts = new Attempts(loss, training, loop);
        var (left, starts) = attempts.StepByStep(folder.Path);
        Same(left, attempts.Run());
        Assert.That(starts, Is.EqualTo(Enumerable.Range(0, Attempts.Steps)));
    }

    private static void Same(Left left, Left undisturbed)
    {
        Assert.Multiple(() =>
        {
            Assert.That(left.Weights, Is.EqualTo(undisturbed.Weights), "weights");
            Assert.That(left.History, Is.EqualTo(undisturbed.History), "history");
            Assert.That((left.Steps, left.Head), Is.EqualTo((undisturbed.Steps, undisturbed.Head)));
        });
    }
}
