using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>
/// What earlier attempts at a trial have left in its folder, read before the next begins: what is not among it is of that one.
/// No time is compared, for clocks are set.
/// </summary>
/// <param name="Progress">Token in progress.json; null where there is none.</param>
/// <param name="Failure">Time in failure.json; null where there is none.</param>
/// <param name="Attempts">Lines of attempts.jsonl.</param>
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

    /// <summary>A failure that cannot be read is not the next attempt's, which writes it anew.</summary>
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
