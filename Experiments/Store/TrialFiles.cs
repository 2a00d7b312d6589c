using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Store;

/// <summary>
/// What a trial that is not finished leaves in its folder, beside the files of <see cref="ResultStore"/>: spec.json, lease.json,
/// attempts.jsonl, progress.json, checkpoint-STEP.bin and log.txt.
/// </summary>
/// <param name="folder"><see cref="ResultStore.TrialFolder"/>.</param>
public sealed class TrialFiles(string folder)
{
    public string Folder { get; } = folder;

    public string Spec => Path.Combine(Folder, "spec.json");

    public string Lease => Path.Combine(Folder, "lease.json");

    /// <summary>Held for moments by whoever takes the trial or writes what counts.</summary>
    public string LeaseLock => Path.Combine(Folder, "lease.lock");

    /// <summary>The trained network.</summary>
    public string Weights => Path.Combine(Folder, TrialWeights.FileName);

    public string Attempts => Path.Combine(Folder, "attempts.jsonl");

    public string Progress => Path.Combine(Folder, "progress.json");

    /// <summary>What the trial's process wrote to its console, attempt after attempt.</summary>
    public string Log => Path.Combine(Folder, "log.txt");

    /// <summary>Held as long as the process with this token's lease lives.</summary>
    public string Running(string token) => Path.Combine(Folder, $"running-{token}.lock");

    /// <summary>Null where it was never started.</summary>
    public StoredSpec? ReadSpec() => ReadOrNull<StoredSpec>(Spec);

    public LeaseRecord? ReadLease() => ReadOrNull<LeaseRecord>(Lease);

    public TrialProgress? ReadProgress() => ReadOrNull<TrialProgress>(Progress);

    public IReadOnlyList<Attempt> ReadAttempts() => JsonLines.Read<Attempt>(Attempts);

    /// <summary>Step of the newest checkpoint; 0 where there is none.</summary>
    public long CheckpointStep() => CheckpointFolder.NewestStep(Folder) ?? 0;

    /// <summary>
    /// Deletes what only a trial that is not finished needs, and what killed attempts have left half-written. For after the result is
    /// stored and the lease given back.
    /// </summary>
    public void Tidy()
    {
        foreach (var path in (string[])[Progress, LeaseLock, .. Directory.GetFiles(Folder, "*.tmp")]) TryDelete(path);
    }

    /// <summary>Deletes what a process that was killed between storing its result and tidying up has left.</summary>
    /// <param name="keepCheckpoint">Leaves the newest checkpoint, which has the trained weights.</param>
    public void Abandon(bool keepCheckpoint)
    {
        Tidy();
        new CheckpointFolder(Folder, TimeSpan.MaxValue, keep: keepCheckpoint).Clear();
        foreach (var path in (string[])[.. Directory.GetFiles(Folder, "running-*.lock"), Lease]) TryDelete(path);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another process reads it just now; it does no harm
        }
    }

    /// <summary>
    /// Null where there is no file, or none that can be read: these files are rewritten all the time and say nothing that is not found out
    /// again.
    /// </summary>
    private static T? ReadOrNull<T>(string path) where T : class
    {
        try
        {
            if (!File.Exists(path)) return null;
            // its writer may rename over it
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return SpecJson.Read<T>(file.ReadToEnd());
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
