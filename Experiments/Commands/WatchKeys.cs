using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Commands;

/// <summary>What the keys of <c>watch</c> ask for: l shows the ends of the running trials' logs, f all failures, q ends it.</summary>
/// <param name="next">Returns the next key that was pressed; null if none was.</param>
internal sealed class WatchKeys(Func<char?> next)
{
    private const int LogLines = 5;

    public bool IsQuit { get; private set; }

    private bool hasLogs, hasFailures;

    /// <summary>Reads the console's keys; none where the input is a file or a pipe.</summary>
    public static WatchKeys OfConsole() =>
        new(() => Console.IsInputRedirected || !Console.KeyAvailable ? null
            : char.ToLowerInvariant(Console.ReadKey(intercept: true).KeyChar));

    /// <summary>Takes the keys that were pressed.</summary>
    /// <returns>Whether something else is to be shown.</returns>
    public bool Read()
    {
        var isNews = false;
        while (next() is { } key)
        {
            if (key == 'q') IsQuit = true;
            else if (key == 'l') hasLogs = !hasLogs;
            else if (key == 'f') hasFailures = !hasFailures;
            else continue;
            isNews = true;
        }

        return isNews;
    }

    /// <summary>Returns the limits with what was asked for.</summary>
    public StatusLimits Apply(StatusLimits limits) => hasFailures ? limits with { Failures = int.MaxValue } : limits;

    /// <summary>Returns the ends of the logs; nothing if they are not asked for.</summary>
    public IEnumerable<string> Logs(SuiteState state) => !hasLogs ? [] : state.Trials
        .Where(trial => trial.Stage == TrialStage.Running)
        .SelectMany(trial => LogTail.Read(new TrialFiles(Path.Combine(state.Folder, "trials", trial.Id)).Log, LogLines)
            .Select(line => $"    | {line}").Prepend($"log of {trial.Plan.Label}, seed {trial.Plan.Spec.Seed} ({trial.Id})"));
}
