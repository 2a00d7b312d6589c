using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using Ablation.Harness.Planning;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Theory;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Harness;

/// <summary>Runs one trial from its specification to its result in four steps: prepare, train, evaluate, record.</summary>
public static class Trial
{
    /// <param name="label">Name of its loss in tables.</param>
    /// <param name="control">Checkpoints, watch and soft stop; null for none of them.</param>
    /// <exception cref="DataProblem">The data are missing or damaged.</exception>
    /// <exception cref="ArgumentException">The specification does not fit the data.</exception>
    /// <exception cref="MemoryLimitException">It would need more memory than <paramref name="place"/> allows.</exception>
    /// <exception cref="WeightsException">The trained weights could not be written.</exception>
    /// <exception cref="TrialInterruptedException">A soft stop was requested; the same call resumes from its last checkpoint.</exception>
    public static TrialOutput Run(TrialSpec spec, string label, TrialPlace place, TrialControl? control, CancellationToken cancel)
    {
        control ??= new TrialControl();
        MicroBatchSplit.Split(TrainingSteps.MicroBatch(spec.Training), control.Split); // refused before anything is read
        if (DeterministicDevice.Prepare(place.Device) is { } missing) control.Watch?.Report(missing);
        using var meter = ProvenanceMeter.Start(place);
        set_num_threads(place.Threads);
        using var scope = NewDisposeScope();

        using var trial = new PreparedTrial(spec, place, control, meter, cancel);
        var trained = TrainedTrial.Train(trial, cancel);

        using var network = new NetworkEmbedder(trial.Backbone, spec.Resolution, place.Device, spec.Id());
        EvaluatedTrial evaluated;
        try
        {
            evaluated = EvaluatedTrial.Evaluate(trial, trained, network, cancel);
        }
        catch (UnsoundEmbeddingException e) when (trained.HasTrained) // losses and weights were finite to the end
        {
            control.Watch?.Report(e.Message);
            (trained, evaluated) = (trained.FoundDiverged("finite, but the network gives embeddings that are zero or not finite"),
                EvaluatedTrial.None);
        }

        if (trained.IsComplete && control.Weights is { } file)
            TrialWeights.Write(file, trial.Backbone, trial.Loss, spec, place, trained.Run.Steps);
        var theory = trained.IsComplete ? EvaluatedTrial.MeasureTheory(trial, network, cancel) : null;

        return new TrialOutput(Record(label, trial, trained, evaluated, theory, meter), trained.History, evaluated.Scores);
    }

    private static TrialResult Record(string label, PreparedTrial trial, TrainedTrial trained, EvaluatedTrial evaluated,
        TheoryFigures? theory, ProvenanceMeter meter)
    {
        var (spec, control, run) = (trial.Spec, trial.Control, trained.Run);
        var notes = DataNote.Collect(trial.Source, trial.Tests.All);
        // remarks found by reading images
        foreach (var note in notes.Except(trial.Notes)) control.Watch?.Report(note.ToString());
        var provenance = meter.End(trial.Source, trial.Fingerprint, trial.Tests.All, trial.Restarts) with
        {
            BegunAnew = trial.BegunAnew,
            DataChanged = trial.HasDataChanged(),
        };
        if (provenance.DataChanged)
            control.Watch?.Report(
                "files of the training data were written, renamed or replaced while this trial ran: its result records that, and a " +
                "strict report refuses it");
        return new TrialResult(spec.Id(), label, spec, trained.Status, evaluated.Metrics, trial.Pairing,
            trained.Divergence?.Step ?? run.Steps, trained.HasTrained ? run.ImagesPerSecond : null,
            trained.HasTrained && run.Stopped is null ? trained.History[^1].Loss : null,
            Math.Max(trained.BadResidentImages, trial.Batches.BadImageCount), run.Head, trained.Divergence, provenance)
        {
            WaitedShare = trained.HasTrained ? run.WaitedSeconds / run.Seconds : null,
            Stopped = run.Stopped,
            Split = control.Split,
            Overlaps = evaluated.Overlaps,
            Notes = notes.Count > 0 ? notes : null,
            Theory = theory,
            Weights = trained.HasTrained
                ? TensorBytes.Hash([.. Checkpoint.List(trial.Backbone, "backbone"), .. Checkpoint.List(trial.Loss, "loss")]) : null,
        };
    }
}
