using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>A trial that a run did not begin.</summary>
/// <param name="Reason">"no time: ..."</param>
public sealed record SkippedTrial(string Id, string Label, int Seed, string Reason);

/// <summary><c>skipped.json</c> in a suite's folder: the trials that its last run skipped for lack of time.</summary>
/// <param name="Deadline">Of the run.</param>
public sealed record SkippedTrials(DateTimeOffset Time, DateTimeOffset Deadline, IReadOnlyList<SkippedTrial> Trials)
{
    /// <summary>Writes the file, or deletes it if nothing was skipped.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(ResultStore store)
    {
        if (Trials.Count > 0) AtomicFile.Write(PathIn(store), Seal.Close(SpecJson.Write(this)));
        else Remove(store);
    }

    /// <summary>Deletes the file, as a run without a deadline skips nothing.</summary>
    public static void Remove(ResultStore store)
    {
        if (File.Exists(PathIn(store))) PatientFile.Delete(PathIn(store));
    }

    /// <summary>Reads the file; null if the last run skipped nothing.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; gives a remedy.</exception>
    public static SkippedTrials? Load(ResultStore store)
    {
        var path = PathIn(store);
        if (!File.Exists(path)) return null;
        var json = "";
        try
        {
            json = Seal.Open(File.ReadAllBytes(path)).Json;
            return SpecJson.Read<SkippedTrials>(json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"{(e is InvalidDataException ? $"{path}: {e.Message}" : JsonProblem.Describe(path, json, e, typeof(SkippedTrials)))}; " +
                $"it only lists what a run skipped: delete it", e);
        }
    }

    private static string PathIn(ResultStore store) => Path.Combine(store.Folder, "skipped.json");
}
