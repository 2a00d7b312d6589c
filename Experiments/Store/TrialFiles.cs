using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Store;

/// <summary>
/// The files of an unfinished trial, beside those of <see cref="ResultStore"/>: spec.json, lease.json, attempts.jsonl, progress.json,
/// curve.csv, asked.json, checkpoint-STEP.bin and log.txt.
/// </summary>
/// <param name="folder"><see cref="ResultStore.TrialFolder"/>.</param>
public sealed class TrialFiles(string folder)
{
    public string Folder { get; } = folder;

    public string Spec => Path.Combine(Folder, "spec.json");

    public string Lease => Path.Combine(Folder, "lease.json");

    /// <summary>Held briefly by a process that takes the trial or writes its result.</summary>
    public string LeaseLock => Path.Combine(Folder, "lease.lock");

    /// <summary>The trained network.</summary>
    public string Weights => Path.Combine(Folder, TrialWeights.FileName);

    public string Attempts => Path.Combine(Folder, "attempts.jsonl");

    public string Progress => Path.Combine(Folder, "progress.json");

    /// <summary>The training loss so far: <see cref="LiveCurve"/>.</summary>
    public string Curve => Path.Combine(Folder, "curve.csv");

    /// <summary>What a person asks the run to do: <see cref="TrialRequest"/>.</summary>
    public string Asked => Path.Combine(Folder, "asked.json");

    /// <summary>Console output of all attempts.</summary>
    public string Log => Path.Combine(Folder, "log.txt");

    /// <summary>Held while the process with this lease token is alive.</summary>
    public string Running(string token) => Path.Combine(Folder, $"running-{token}.lock");

    /// <summary>Null if the trial was never started.</summary>
    public StoredSpec? ReadSpec() => ReadOrNull<StoredSpec>(Spec);

    public LeaseRecord? ReadLease() => ReadOrNull<LeaseRecord>(Lease);

    public TrialProgress? ReadProgress() => ReadOrNull<TrialProgress>(Progress);

    /// <summary>Null if nothing was asked.</summary>
    public TrialRequest? ReadAsked() => ReadOrNull<TrialRequest>(Asked);

    public IReadOnlyList<Attempt> ReadAttempts() => JsonLines.Read<Attempt>(Attempts);

    /// <summary>Returns the step of the newest checkpoint; 0 if there is none.</summary>
    public long CheckpointStep() => CheckpointFolder.NewestStep(Folder) ?? 0;

    /// <summary>
    /// Deletes files that only an unfinished trial needs, and half-written files of killed attempts. Called after the result is stored and
    /// the lease is released.
    /// </summary>
    public void Tidy()
    {
        foreach (var path in (string[])[Progress, LeaseLock, Curve, Asked, .. Directory.GetFiles(Folder, "*.tmp")]) TryDelete(path);
    }

    /// <summary>Deletes the files left by a process that was killed after storing its result and before <see cref="Tidy"/>.</summary>
    /// <param name="keepCheckpoint">Keeps the newest checkpoint, which contains the trained weights.</param>
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
            PatientFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another process is reading it; leaving it is harmless
        }
    }

    /// <summary>
    /// Reads a file; null if it is missing or unreadable, as these files are rewritten often and contain nothing that cannot be determined
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
