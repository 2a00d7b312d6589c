using System.Collections.Concurrent;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Serving;

/// <summary>
/// A suite as it is now, read from its files at most twice a second, however many look at it. What is finished is read once. Safe for
/// several threads.
/// </summary>
/// <param name="folder">The suite's folder of results.</param>
/// <param name="plan">Reads which trials belong to it; null if only its folder is known.</param>
/// <param name="time">Null for the system clock.</param>
public sealed class SuiteFeed(string folder, Func<SuitePlanned?> plan, TimeProvider? time = null)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1); // a deleted result, a run with other seeds
    private readonly TimeProvider clock = time ?? TimeProvider.System;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, TrialState> finished = new();
    private readonly ConcurrentDictionary<string, FinishedFigures> figures = new();
    private readonly ConcurrentDictionary<string, DateTime> ends = new();
    private SuitePlanned? planned;
    private IReadOnlyList<(PlannedTrial Plan, string Id)> trials = [];
    private (DateTime Copy, DateTime Part, DateTime Begun) stamp;
    private DateTimeOffset refreshed, read;
    private SuiteState? state;

    public string Name { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    public string Folder => folder;

    public ResultStore Store => planned?.Store ?? new ResultStore(folder);

    /// <summary>Reads where the suite stands.</summary>
    /// <exception cref="InvalidDataException">A file of the suite is damaged; names it.</exception>
    public SuiteState Now()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (state is not null && now - read < Pace) return state;
            Forget(now);
            state = SuiteState.Read(planned?.Suite.Name ?? Name, planned?.Suite.Question, trials, Store, now, finished);
            read = now;
            return state;
        }
    }

    /// <summary>Returns the name of a trial's condition; empty where there is only one.</summary>
    public string Condition(TrialState trial) => planned is { } known
        ? known.Names.GetValueOrDefault(trial.Plan.Condition, "")
        : $"{Labels.Full(trial.Plan.Condition.Backbone)}, {trial.Plan.Spec.Resolution} px";

    /// <summary>Whether rows need the name of their condition.</summary>
    public bool HasConditions => planned is null || planned.Names.Count > 0;

    /// <summary>Returns the suite; null if only its folder is known.</summary>
    public Suite? Suite => planned?.Suite;

    /// <summary>Returns when a trial's result was written; long ago without one.</summary>
    public DateTime Ended(TrialState trial) => ends.GetOrAdd(trial.Id,
        id => File.GetLastWriteTimeUtc(Path.Combine(Store.TrialFolder(id), "result.json")));

    internal FinishedFigures Figures(string id) => figures.GetOrAdd(id, one => FinishedFigures.Read(Store, one));

    /// <summary>Reads the plan again where its files changed, and everything once a minute.</summary>
    private void Forget(DateTimeOffset now)
    {
        RunPart.Load(folder, out var copy);
        var begun = planned is null ? Directory.GetLastWriteTimeUtc(Path.Combine(folder, "trials")) : default; // else all are known
        var found = (File.GetLastWriteTimeUtc(copy), File.GetLastWriteTimeUtc(Path.Combine(folder, RunPart.FileName)), begun);
        if (found == stamp && now - refreshed < Refresh) return;
        (stamp, refreshed) = (found, now);
        finished.Clear();
        ends.Clear();
        planned = plan();
        trials = planned?.Trials ?? Begun(now);
    }

    /// <summary>Returns the trials that were begun; those that are finished are read on the way.</summary>
    private IReadOnlyList<(PlannedTrial Plan, string Id)> Begun(DateTimeOffset now)
    {
        var all = SuiteState.Read(new ResultStore(folder), now).Trials;
        foreach (var trial in all.Where(trial => trial.Stage == TrialStage.Finished)) finished[trial.Id] = trial;
        return [.. all.Select(trial => (trial.Plan, trial.Id))];
    }
}
