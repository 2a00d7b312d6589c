using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness;

/// <summary>
/// A trial before its first step, with open data and tests, the initial network and loss, and the checkpoint to resume from.
/// </summary>
internal sealed class PreparedTrial : IDisposable
{
    private readonly FaceSource files; // disposed by Source
    private readonly SourceState state;

    /// <param name="meter">Adds the time and energy of the attempts before the checkpoint.</param>
    public PreparedTrial(TrialSpec spec, TrialPlace place, TrialControl control, ProvenanceMeter meter, CancellationToken cancel)
    {
        (Spec, Place, Control) = (spec, place, control);
        BatchOptions = new BatchOptions
        {
            BatchSize = TrainingSteps.MicroBatch(spec.Training),
            Workers = place.Threads,
            DropLast = spec.Training.DropLast,
            OnBadImage = spec.Training.OnBadImage,
        };
        try
        {
            files = spec.Data.Open(place.Data);
            Source = TrialImages.Cached(files, place, cancel);
            state = SourceState.Capture(files, Source, place.Threads, cancel);
            Fingerprint = FingerprintOrNull(Source);
            Tests = new OpenTests(spec.Tests, place.Data);
            if (TrialRules.Problems(spec, Source, Tests.All).ToList() is { Count: > 0 } problems)
                throw new ArgumentException(string.Join("\n", problems));
            if (spec.Training.Epochs > 0) Source.CheckClasses(cancel);
            Notes = DataNote.Collect(Source, Tests.All);
            foreach (var note in Notes) control.Watch?.Report(note.ToString());

            Loop = new LoopOptions(Split: control.Split);
            if (place.MemoryLimit is { } limit)
                Loop = WorkingSet.LoopFor(TrialImages.MemoryCase(spec, Source, place), place.Device, Loop, limit);
            MicroBatchSplit.Split(TrainingSteps.LastMicroBatch(spec.Training, Source.Count), Loop.Split);

            // paired seeds: backbone, proxies, batches and dropout masks have separate streams, so the loss does not affect the others
            Backbone = TrialWeights.Initial(spec);
            TrialStart.Apply(Backbone, spec.Backbone, place.Data);
            Loss = spec.Loss.Build(new LossShape(Source.Identities, spec.Backbone.EmbeddingDimension));
            using (var generator = new Generator((ulong)new SeedStreams(spec.Seed).Proxies))
                Loss.InitialiseProxies(generator, spec.Training.ProxyStart);
            Batches = new BatchStream(Source, spec.Resolution, new SeedStreams(spec.Seed).Pictures, spec.Training.Augment,
                BatchOptions);
            Pairing = new Pairing(TrialWeights.StateHash(Backbone), TrialWeights.Hash([Loss.FirstProxies]),
                spec.Training.Epochs > 0 ? HashFirstBatch(Batches, cancel) : null);

            var owner = new CheckpointOwner(spec.Id(), control.Split, place.Threads, place.DeviceType, new TrialOrigin(state, Pairing));
            string? begunAnew = null;
            var start = control.Checkpoints is { } folder ? TrialCheckpoints.Find(folder, owner, control.Watch, out begunAnew) : null;
            BegunAnew = begunAnew;
            Restarts = Math.Max(control.Restarts, start is null ? 0 : start.Header.Restarts + 1);
            meter.Continue(start?.Header.Spent);
            Checkpoints = control.Checkpoints is null
                ? null : new TrialCheckpoints(control.Checkpoints, start, owner, meter, Restarts, control.Watch, begunAnew);
            Backbone.to(place.Device);
            Loss.to(place.Device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TrialSpec Spec { get; }

    public TrialPlace Place { get; }

    public TrialControl Control { get; }

    public BatchOptions BatchOptions { get; }

    /// <summary>The training set, its decoded images cached.</summary>
    public FaceSource Source { get; }

    /// <summary>Of the training set when the trial began; null if it could not be read.</summary>
    public string? Fingerprint { get; }

    public OpenTests Tests { get; }

    /// <summary>Remarks on data and tests before training.</summary>
    public IReadOnlyList<DataNote> Notes { get; }

    public LoopOptions Loop { get; }

    public Backbone Backbone { get; }

    public FaceLoss Loss { get; }

    public BatchStream Batches { get; }

    public Pairing Pairing { get; }

    /// <summary>Null if none are written.</summary>
    public TrialCheckpoints? Checkpoints { get; }

    public int Restarts { get; }

    /// <summary>See <see cref="TrialProvenance.BegunAnew"/>.</summary>
    public string? BegunAnew { get; }

    /// <summary>Options for reading images of tests and for the theory; a damaged image always stops.</summary>
    public BatchOptions EvaluationBatches => BatchOptions with { BatchSize = 128, OnBadImage = OnBadImage.Stop };

    /// <summary>Whether files of the training set were written, renamed or replaced since the trial began.</summary>
    public bool HasDataChanged() => SourceState.FilesOf(files) != state.Files;

    public void Dispose()
    {
        Loss?.Dispose();
        Backbone?.Dispose();
        Tests?.Dispose();
        Source?.Dispose();
    }

    private static string? FingerprintOrNull(FaceSource source)
    {
        try
        {
            return DataFingerprint.Compute(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string HashFirstBatch(BatchStream batches, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in batches.Read(0, 1, cancel))
        {
            hash.AppendData(MemoryMarshal.AsBytes(batch.Pixels.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(batch.Labels.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(batch.Indices.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
