using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Training.Checkpoints;

/// <summary>The result of a training, which must not depend on interruptions.</summary>
internal sealed record Left(string Weights, IReadOnlyList<HistoryPoint> History, long Steps, HeadChoice? Head);

/// <summary>
/// Eight steps on 16 faces by a network with batch statistics and dropout. Each call starts with the same seed, from the
/// checkpoints in a folder if there are any.
/// </summary>
internal sealed class Attempts(LossOptions loss, TrainingOptions training, LoopOptions? loop = null)
{
    public const int Steps = 8;

    /// <summary>Options with all state and schedules: momentum, decay, warm-up and a falling rate.</summary>
    public static readonly TrainingOptions Training = new() { Epochs = 2, Batch = 4, LearningRate = 0.05, WarmUpEpochs = 0.5 };

    public static readonly TimeSpan Never = TimeSpan.FromDays(1);

    /// <summary>Runs one attempt.</summary>
    /// <param name="checkpoints">Null for none.</param>
    public Left Run(CheckpointFolder? checkpoints = null, ITrialWatch? watch = null, CancellationToken stop = default, int threads = 1)
    {
        using var scope = NewDisposeScope();
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        manual_seed(3);
        using var backbone = new SmallOptions { Width = 4, EmbeddingDimension = 6, Dropout = 0.5 }.Build(16);
        using var head = loss.Build(new LossShape(4, 6));
        using (var generator = new Generator(4)) head.InitialiseProxies(generator, training.ProxyStart);
        var batches = new BatchStream(source, 16, 7, new AugmentOptions(),
            new BatchOptions { BatchSize = training.Batch / training.Accumulate, DropLast = training.DropLast, Workers = 1 });
        using var meter = ProvenanceMeter.Start(Tiny.Place);
        var owner = new CheckpointOwner("spec", loop?.Split ?? 1, threads, "cpu");
        var kept = checkpoints is null
            ? null : new TrialCheckpoints(checkpoints, TrialCheckpoints.Find(checkpoints, owner, watch, out _), owner, meter, 0, watch);
        var run = new Trainer(backbone, head, training, CPU, seed: 5, loop, dropoutSeed: 6)
            .Train(batches, new LoopControl(watch, kept, stop), CancellationToken.None);
        return new Left(TensorBytes.Hash([.. Checkpoint.List(backbone, "backbone"), .. Checkpoint.List(head, "loss")]),
            [.. run.History.Select(point => point with { ImagesPerSecond = null })], run.Steps, run.Head);
    }

    /// <summary>Stops softly after every step and resumes until the end.</summary>
    /// <returns>The result, and the steps at which the attempts started.</returns>
    public (Left Left, IReadOnlyList<long> Starts) StepByStep(string folder)
    {
        var starts = new List<long>();
        while (starts.Count <= 2 * Steps) // otherwise it makes no progress
        {
            using var stop = new CancellationTokenSource();
            try
            {
                return (Run(new CheckpointFolder(folder, Never), new Recorder { OnStart = starts.Add, OnStep = _ => stop.Cancel() },
                    stop.Token), starts);
            }
            catch (TrialInterruptedException)
            {
                // and again
            }
        }

        throw new InvalidOperationException($"started at the steps {string.Join(", ", starts)}, but not finished");
    }

    /// <summary>Ends with an error in the middle, without saving, as a killed process does.</summary>
    public void KilledAt(long step, CheckpointFolder checkpoints) => Assert.That(
        () => Run(checkpoints, new Recorder { OnStep = at => { if (at == step) throw new TimeoutException("killed"); } }),
            Throws.TypeOf<TimeoutException>());
}

/// <summary>Records the reports of a trial.</summary>
internal sealed class Recorder : ITrialWatch
{
    public List<string> Reported { get; } = [];

    public List<long> SavedSteps { get; } = [];

    public List<string> Tests { get; } = [];

    public Action<long>? OnStart { get; init; }

    public Action<long>? OnStep { get; init; }

    public Action<string>? OnTest { get; init; }

    public Action? OnLogPoint { get; init; }

    public void Report(string line) => Reported.Add(line);

    public void Start(long step, long steps, double epoch) => OnStart?.Invoke(step);

    public void Step(long step) => OnStep?.Invoke(step);

    public void LogPoint(HistoryPoint point, long steps) => OnLogPoint?.Invoke();

    public void Saved(long step) => SavedSteps.Add(step);

    public void Test(string name)
    {
        Tests.Add(name);
        OnTest?.Invoke(name);
    }
}
