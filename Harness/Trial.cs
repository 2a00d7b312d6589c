using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Planning;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Theory;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness;

/// <summary>What a trial runs on; none of it changes the specification.</summary>
/// <param name="Data">The folder of relative data paths.</param>
/// <param name="Threads">Of libtorch, and of the decoders.</param>
/// <param name="Cache">Where decoded training pictures are kept on disk; null keeps them in memory, trial by trial.</param>
/// <param name="MemoryLimit">Bytes that a training may take, as predicted; one that needs more is checkpointed or refused. Null for no
/// limit.</param>
public sealed record TrialPlace(DataRoot Data, Device Device, int Threads, PixelCache? Cache = null, long? MemoryLimit = null);

/// <summary>One trial from its specification to its result, in one visible method.</summary>
public static class Trial
{
    private const long CacheBytes = 4L << 30;
    private const long ResidentBytes = 4L << 30; // of a device's memory
    private const long EmbeddingBytes = 1L << 30;

    /// <summary>FARs at which the true accept rate is told; those that a test's impostor pairs cannot support are n/a.</summary>
    public static readonly IReadOnlyList<double> FalseAcceptRates = [1e-1, 1e-2, 1e-3, 1e-4];

    /// <param name="label">What tables call its loss.</param>
    /// <param name="control">Where its checkpoints are, who watches, what stops it softly; null for none of them.</param>
    /// <exception cref="DataProblem">The data are missing or damaged.</exception>
    /// <exception cref="ArgumentException">The specification does not fit the data.</exception>
    /// <exception cref="MemoryLimitException">It would need more memory than <paramref name="place"/> allows.</exception>
    /// <exception cref="WeightsException">The trained weights could not be written.</exception>
    /// <exception cref="TrialInterruptedException">It was softly stopped; the same call goes on from its last checkpoint.</exception>
    public static TrialOutput Run(TrialSpec spec, string label, TrialPlace place, TrialControl? control, CancellationToken cancel)
    {
        control ??= new TrialControl();
        var batchOptions = new BatchOptions
        {
            BatchSize = TrainingSteps.MicroBatch(spec.Training),
            Workers = place.Threads,
            OnBadImage = spec.Training.OnBadImage,
        };
        MicroBatchSplit.Split(batchOptions.BatchSize, control.Split); // refused before anything is read
        using var meter = ProvenanceMeter.Start(place);
        set_num_threads(place.Threads);
        using var scope = NewDisposeScope();
        var files = spec.Data.Open(place.Data);
        using var source = Cached(files, place, cancel); // owns files
        var (state, training) = Seen(files, source, place, cancel);
        using var tests = new Protocols(spec.Tests, place.Data);
        if (TrialRules.Problems(spec, source, tests.All).ToList() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join("\n", problems));

        if (spec.Training.Epochs > 0) source.CheckClasses(cancel);
        var noted = DataNote.Collect(source, tests.All);
        foreach (var note in noted) control.Watch?.Say(note.ToString());

        var loop = new LoopOptions(Split: control.Split);
        if (place.MemoryLimit is { } limit)
            loop = WorkingSet.LoopFor(spec, source.Identities, KeptBytes(spec, source, place), place.Device, loop, limit);

        // paired seeds: the backbone, the proxies, the batches and the dropout masks each have a stream of their own, so that
        // no loss can shift another's
        using var backbone = TrialWeights.Initial(spec);
        using var loss = spec.Loss.Build(new LossShape(source.Identities, spec.Backbone.EmbeddingDimension));
        using (var generator = new Generator((ulong)new SeedStreams(spec.Seed).Proxies)) loss.InitialiseProxies(generator);
        var batches = new BatchStream(source, spec.Resolution, new SeedStreams(spec.Seed).Pictures, spec.Training.Augment, batchOptions);
        var pairing = new Pairing(TrialWeights.StateHash(backbone), TrialWeights.Hash([loss.proxies]), spec.Training.Epochs > 0
            ? HashFirstBatch(batches, cancel) : null);
        var owner = CheckpointOwner.Build(spec, place, control.Split, new TrialOrigin(state, pairing));
        string? begunAnew = null;
        var start = control.Checkpoints is { } folder ? TrialCheckpoints.Find(folder, owner, control.Watch, out begunAnew) : null;
        var restarts = Math.Max(control.Restarts, start is null ? 0 : start.Header.Restarts + 1);
        meter.Continue(start?.Header.Spent);
        var checkpoints = control.Checkpoints is null
            ? null : new TrialCheckpoints(control.Checkpoints, start, owner, meter, restarts, control.Watch, begunAnew);
        backbone.to(place.Device);
        loss.to(place.Device);

        var history = (IReadOnlyList<HistoryPoint>)[];
        var run = new TrainingRun([], 0, 0, 0, 0, null);
        Divergence? divergence = null;
        var residentBad = 0;
        try
        {
            if (spec.Training.Epochs > 0)
            {
                using var resident = Resident(source, spec, batchOptions, place.Device, cancel);
                residentBad = resident?.BadImageCount ?? 0;
                run = new Trainer(backbone, loss, spec.Training, place.Device, new SeedStreams(spec.Seed).PartialSampling, loop,
                    new SeedStreams(spec.Seed).Dropout)
                    .Train(resident
                        ?? (TrainingImages)new HostImages(batches, place.Device), new LoopControl(control.Watch, checkpoints, control.Stop),
                        cancel);
            }

            history = run.History;
        }
        catch (DivergedException diverged)
        {
            (divergence, history) = (diverged.Divergence, diverged.History);
        }

        var scores = new List<TestScores>();
        var overlaps = new List<DataOverlap>();
        using var network = new NetworkEmbedder(backbone, spec.Resolution, place.Device, spec.Id());
        var embeddings = tests.All.Count > 1 ? EmbeddingCache.InMemory(EmbeddingBytes) : null; // tests may share images
        var status = divergence is null ? run.Stopped?.What ?? TrialStatus.Done : TrialStatus.Diverged;
        foreach (var test in status == TrialStatus.Done ? tests.All : [])
        {
            if (control.Stop.IsCancellationRequested) throw new TrialInterruptedException(run.Steps);
            var found = test.Score(Embedder.Embed(network, test, batchOptions with { BatchSize = 128, OnBadImage = OnBadImage.Stop },
                embeddings, cancel), cancel);
            scores.AddRange(found);
            var overlap = DataOverlap.Find(source, test);
            overlaps.AddRange(found.Select(part => overlap with { Test = part.Test }));
            control.Watch?.Test(test.Name);
        }

        if (scores.GroupBy(part => part.Test, StringComparer.OrdinalIgnoreCase).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            throw new ArgumentException($"tests: two give scores called \"{twice.Key}\"; name one of them otherwise");
        var metrics = scores.SelectMany(score => score.Metrics()).ToList();
        var trained = run.Steps > 0;
        if (trained && status == TrialStatus.Done && control.Weights is { } file)
            TrialWeights.Write(file, backbone, spec, place, run.Steps);
        var theory = trained && status == TrialStatus.Done
            ? TheoryMeasure.Measure(source, network, loss, spec, batchOptions with { BatchSize = 128, OnBadImage = OnBadImage.Stop },
                place.Device, line => control.Watch?.Say(line), cancel) : null;
        var notes = DataNote.Collect(source, tests.All);
        foreach (var note in notes.Except(noted)) control.Watch?.Say(note.ToString()); // of pictures, found by reading them
        var provenance = meter.End(source, training, tests.All, restarts) with
        {
            BegunAnew = begunAnew,
            DataChanged = SourceState.FilesOf(files) != state.Files
        };
        if (provenance.DataChanged)
            control.Watch?.Say(
                "files of the training data were written, renamed or replaced while this trial ran: its result says so, and a strict " +
                "report refuses it");
        var result = new TrialResult(spec.Id(), label, spec, status, metrics, pairing,
            divergence?.Step ?? run.Steps, trained
                ? run.ImagesPerSecond
                : null, trained && run.Stopped is null
                ? history[^1].Loss : null, Math.Max(residentBad, batches.BadImageCount), run.Head, divergence, provenance)
        {
            WaitedShare = trained ? run.WaitedSeconds / run.Seconds : null,
            Stopped = run.Stopped,
            Split = control.Split,
            Overlaps = overlaps,
            Notes = notes.Count > 0 ? notes : null,
            Theory = theory,
            Weights = trained ? TensorBytes.Hash([.. Checkpoint.List(backbone, "backbone"), .. Checkpoint.List(loss, "loss")]) : null,
        };
        return new TrialOutput(result, history, scores);
    }

    /// <summary>What the training set is as the trial begins: the state that its checkpoints hold, and the fingerprint of its
    /// result.</summary>
    private static (SourceState State, string? Fingerprint) Seen(FaceSource files, FaceSource source, TrialPlace place,
        CancellationToken cancel)
    {
        var state = SourceState.Capture(files, source, place.Threads, cancel);
        try
        {
            return (state, DataFingerprint.Compute(source));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (state, null);
        }
    }

    private static FaceSource Cached(FaceSource source, TrialPlace place, CancellationToken cancel)
    {
        try
        {
            return place.Cache?.Open(source, place.Threads, cancel) ?? (FaceSource)new CachedSource(source, CacheBytes);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The whole set on a device that has memory of its own, where augmentation can at most flip and it is not too large; else null.
    /// </summary>
    private static ResidentImages? Resident(FaceSource source, TrialSpec spec, BatchOptions options, Device device,
        CancellationToken cancel)
    {
        if (!IsResident(source, spec, device)) return null;
        var faces = new ResidentFaces(source, spec.Resolution, new SeedStreams(spec.Seed).Pictures, spec.Training.Augment, options,
            ResidentBytes, cancel);
        return new ResidentImages(faces, spec.Resolution, options.BatchSize, device);
    }

    /// <summary>
    /// What pictures will take: decoded ones kept in this process's own memory, and a set on the device with its copy on the host.
    /// </summary>
    public static long KeptBytes(TrialSpec spec, FaceSource source, TrialPlace place)
    {
        var resident = IsResident(source, spec, place.Device) ? 2 * ResidentFaces.BytesOf(source.Count, spec.Resolution) : 0;
        if (place.Cache is not null || source.Count == 0) return resident;
        long picture;
        try
        {
            picture = source.Read(0).Image.Rgb.LongLength;
        }
        catch (DataProblem)
        {
            picture = 3L * spec.Resolution * spec.Resolution; // training will tell, or skip it
        }

        return resident + Math.Min(CacheBytes, source.Count * picture);
    }

    private static bool IsResident(FaceSource source, TrialSpec spec, Device device) =>
        device.type != DeviceType.CPU && ResidentFaces.Suits(spec.Training.Augment)
        && ResidentFaces.BytesOf(source.Count, spec.Resolution) <= ResidentBytes;

    /// <summary>The tests of a trial, closed together however it ends.</summary>
    private sealed class Protocols : IDisposable
    {
        private readonly List<FaceTest> opened = [];

        public Protocols(IReadOnlyList<ProtocolOptions> tests, DataRoot data)
        {
            try
            {
                foreach (var test in tests) opened.Add(test.Open(data));
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IReadOnlyList<FaceTest> All => opened;

        public void Dispose() => opened.ForEach(test => test.Dispose());
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
