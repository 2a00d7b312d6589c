using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;

namespace Ablation.Benchmarks;

/// <summary>Runs the training loop of trials, from the stored JPEG to the optimiser's step, for a given number of steps.</summary>
internal sealed class WholeLoop
{
    private readonly TrainSubject subject;
    private readonly FaceSource source;
    private readonly Trainer trainer; // kept between turns, with the optimiser's state

    public WholeLoop(TrainSubject subject, FaceSource source)
    {
        this.subject = subject;
        this.source = source;
        trainer = new Trainer(subject.Backbone, subject.Loss, subject.Options, subject.Device,
            loop: new LoopOptions(subject.Case.ChannelsLast));
    }

    /// <summary>The measurement of a turn.</summary>
    /// <param name="WaitedShare">Share of the time that the step waited for its batch; null where that is not counted.</param>
    public readonly record struct Turn(double ImagesPerSecond, double? WaitedShare);

    /// <summary>
    /// Trains for some steps on the first images of the source; starting and joining the decoders' threads is part of the time.
    /// </summary>
    /// <exception cref="DataProblem">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>.</exception>
    public Turn Run(int steps, CancellationToken cancel) => Run(source, steps, cancel);

    /// <inheritdoc cref="Run(int, CancellationToken)"/>
    /// <param name="from">Replaces the source, by one that keeps its pictures decoded.</param>
    public Turn Run(FaceSource from, int steps, CancellationToken cancel)
    {
        var one = subject.Case;
        var batches = new BatchStream(new LimitedSource(from, steps * one.Batch), one.Pixels, seed: 1, subject.Options.Augment,
            new BatchOptions { BatchSize = one.Batch, Workers = one.Threads });
        var run = trainer.Train(batches, null, cancel);
        return new Turn(run.ImagesPerSecond, run.WaitedSeconds / run.Seconds);
    }
}
