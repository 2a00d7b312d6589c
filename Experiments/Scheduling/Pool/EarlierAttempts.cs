using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>
/// What earlier attempts at a trial left in its folder, read before the next one begins, to recognise what the next one adds. Compares no
/// times, since clocks may be set.
/// </summary>
/// <param name="Progress">Token in progress.json; null for none.</param>
/// <param name="Failure">Time in failure.json; null for none.</param>
/// <param name="Attempts">Number of lines in attempts.jsonl.</param>
/// <param name="Dumps">Paths of crash dumps.</param>
public sealed record EarlierAttempts(string? Progress, DateTimeOffset? Failure, int Attempts, IReadOnlySet<string> Dumps)
{
    public static readonly EarlierAttempts None = new(null, null, 0, new HashSet<string>());

    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static EarlierAttempts Read(ResultStore store, string id)
    {
        var files = store.Files(id);
        var (progress, failure) = (files.ReadProgress()?.Token, FailureTime(store, id));
        return new EarlierAttempts(progress, failure, files.ReadAttempts().Count, CrashDump.In(files.Folder));
    }

    public bool Has(TrialProgress progress) => progress.Token == Progress;

    public bool Has(TrialFailure failure) => failure.Time == Failure;

    /// <summary>Ignores a failure that cannot be read: the next attempt replaces it.</summary>
    private static DateTimeOffset? FailureTime(ResultStore store, string id)
    {
        try
        {
            return store.LoadFailure(id)?.Time;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
