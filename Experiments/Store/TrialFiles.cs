using System.Text.Json;
using Ablation.Harness;

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

    public string Attempts => Path.Combine(Folder, "attempts.jsonl");

    public string Progress => Path.Combine(Folder, "progress.json");

    /// <summary>What the trial's process wrote to its console, attempt after attempt.</summary>
    public string Log => Path.Combine(Folder, "log.txt");

    /// <summary>Null where it was never started.</summary>
    public StoredSpec? ReadSpec() => ReadOrNull<StoredSpec>(Spec);

    public LeaseRecord? ReadLease() => ReadOrNull<LeaseRecord>(Lease);

    public TrialProgress? ReadProgress() => ReadOrNull<TrialProgress>(Progress);

    public IReadOnlyList<Attempt> ReadAttempts() => JsonLines.Read<Attempt>(Attempts);

    /// <summary>Null where there is no file, or none that can be read: these files are rewritten all the time and say nothing that is not found out again.</summary>
    private static T? ReadOrNull<T>(string path) where T : class
    {
        try
        {
            return File.Exists(path) ? SpecJson.Read<T>(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
