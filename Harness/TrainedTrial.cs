using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Harness;

/// <summary>A trial after its training.</summary>
/// <param name="Run">Has no step for an untrained network and for one that diverged.</param>
/// <param name="Divergence">Null if the training did not diverge.</param>
/// <param name="BadResidentImages">Images that could not be read when the whole set was copied to the device.</param>
internal sealed record TrainedTrial(TrainingRun Run, IReadOnlyList<HistoryPoint> History, Divergence? Divergence, int BadResidentImages)
{
    public TrialStatus Status => Divergence is null ? Run.Stopped?.What ?? TrialStatus.Done : TrialStatus.Diverged;

    public bool HasTrained => Run.Steps > 0;

    /// <summary>Whether it was trained to the last step.</summary>
    public bool IsComplete => HasTrained && Status == TrialStatus.Done;

    /// <summary>The same training, found to have diverged when its network was tested.</summary>
    /// <param name="what">What was found, as the rest of "the loss was".</param>
    public TrainedTrial FoundDiverged(string what) => this with
    {
        Run = new TrainingRun([], 0, 0, 0, 0, null),
        Divergence = new Divergence(Run.Steps - 1, [], History[^1].LearningRate, what, null, null, null, []),
    };

    /// <summary>Trains the network of a prepared trial in place, from its checkpoint if it has one.</summary>
    public static TrainedTrial Train(PreparedTrial trial, CancellationToken cancel)
    {
        var (spec, place, control) = (trial.Spec, trial.Place, trial.Control);
        var none = new TrainingRun([], 0, 0, 0, 0, null);
        if (spec.Training.Epochs == 0) return new TrainedTrial(none, [], null, 0);
        using var resident = TrialImages.Resident(trial.Source, spec, trial.BatchOptions, place.Device, cancel);
        var bad = resident?.BadImageCount ?? 0;
        try
        {
            var training = ProxyMemory.Resolve(spec.Training, trial.Batches.StepsPerEpoch);
            if (training != spec.Training)
                control.Watch?.Report($"the proxies are trained with {training.ProxyRateFactor:G4} times the rate");
            var trainer = new Trainer(trial.Backbone, trial.Loss, training, place.Device,
                new SeedStreams(spec.Seed).PartialSampling, trial.Loop,
                new SeedStreams(spec.Seed).Dropout);
            var run = trainer.Train(resident ?? (TrainingImages)new HostImages(trial.Batches, place.Device),
                new LoopControl(control.Watch, trial.Checkpoints, control.Stop), cancel);
            return new TrainedTrial(run, run.History, null, bad);
        }
        catch (DivergedException diverged)
        {
            return new TrainedTrial(none, diverged.History, diverged.Divergence, bad);
        }
    }
}
