using System.Collections.Concurrent;
using System.Text.Json;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling;

/// <summary>The state of a suite, read only from its files, without data, a device or a connection to the runner.</summary>
/// <param name="Question">Null if only a folder was given and its suite file is unknown; then <paramref name="Trials"/> has only trials
/// that were begun.</param>
/// <param name="Pools">Runners with a recent sign of life.</param>
/// <param name="GonePools">Runners that vanished and had trials without a result.</param>
/// <param name="Skipped">Trials that the last run skipped; null for none.</param>
public sealed record SuiteState(string Name, string? Question, string Folder, DateTimeOffset Now, IReadOnlyList<TrialState> Trials,
    IReadOnlyList<PoolRecord> Pools, IReadOnlyList<PoolRecord> GonePools, SkippedTrials? Skipped)
{
    public static SuiteState Read(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, DateTimeOffset now)
    {
        var known = EveryCore.Select(trials, plan => (plan, plan.Spec.Id()));
        return Read(suite.Name, suite.Question, known, store.Knowing(known), now, []);
    }

    /// <summary>The same again and again, as a page that follows a suite does.</summary>
    /// <param name="trials">With their ids.</param>
    /// <param name="store">Knows the trials.</param>
    /// <param name="finished">By id, those that are known to be finished; new ones are added.</param>
    internal static SuiteState Read(string name, string? question, IReadOnlyList<(PlannedTrial Plan, string Id)> trials, ResultStore store,
        DateTimeOffset now, ConcurrentDictionary<string, TrialState> finished) =>
        Read(name, question, store, now, skipped => EveryCore.Select(trials, trial =>
            finished.TryGetValue(trial.Id, out var known) ? known
            : store.Has(trial.Id) ? finished.GetOrAdd(trial.Id, Finished(trial.Plan, trial.Id, store))
            : TrialState.Open(trial.Plan, trial.Id, store, skipped.Contains(trial.Id), now)));

    /// <summary>Reads a suite's folder without its suite file: every trial that was begun, by label and seed.</summary>
    public static SuiteState Read(ResultStore store, DateTimeOffset now)
    {
        var ids = Directory.Exists(Path.Combine(store.Folder, "trials"))
            ? Directory.GetDirectories(Path.Combine(store.Folder, "trials")).Select(path => Path.GetFileName(path)).ToList() : [];
        return Read(Path.GetFileName(store.Folder), null, store, now, skipped =>
            [.. Alike(EveryCore.Select(ids, id => Found(id, store, skipped.Contains(id), now)).OfType<TrialState>())
                .OrderBy(state => state.Plan.Spec.Seed).ThenBy(state => state.Plan.Condition.Resolution)
                .ThenBy(state => state.Plan.Label, StringComparer.Ordinal).ThenBy(state => state.Id, StringComparer.Ordinal)]);
    }

    /// <summary>The search that the suite begins with; null if it has none or the search is complete.</summary>
    public SuiteState? Tuning { get; init; }

    /// <summary>Whether anything of it was ever run.</summary>
    public bool HasBegun => Tuning?.HasBegun == true || Pools.Count > 0 || Trials.Any(trial => trial.Stage != TrialStage.Waiting);

    public int Count(TrialStage stage) => Trials.Count(trial => trial.Stage == stage);

    /// <summary>Whether no trial can still end: a failed trial may be retried while a runner lives.</summary>
    public bool HasEnded =>
        Tuning is null
        && Trials.All(trial => trial.Stage is TrialStage.Finished or TrialStage.Skipped or TrialStage.Damaged
            || (trial.Stage == TrialStage.Failed && Pools.Count == 0));

    private static SuiteState Read(string name, string? question, ResultStore store, DateTimeOffset now,
        Func<IReadOnlySet<string>, IReadOnlyList<TrialState>> read)
    {
        var skipped = SkippedTrials.Load(store);
        var trials = read(skipped?.Trials.Select(one => one.Id).ToHashSet() ?? []);
        var pools = ReadPools(store).ToLookup(pool => now - pool.Updated <= TrialState.Patience);
        var open = trials.Where(trial => trial.Stage != TrialStage.Finished).Select(trial => trial.Id).ToHashSet();
        return new SuiteState(name, question, store.Folder, now, trials, [.. pools[true]],
            [.. pools[false].Where(pool => pool.Slots.Any(slot => slot.Trial is { } id && open.Contains(id)))], skipped);
    }

    private static TrialState Finished(PlannedTrial plan, string id, ResultStore store)
    {
        try
        {
            var (head, _) = ResultHead.Read(ResultOf(store, id));
            return new TrialState(plan, id, TrialStage.Finished, head.Status, head.Seconds) { IsEarlier = head.IsEarlier };
        }
        catch (InvalidDataException e)
        {
            return new TrialState(plan, id, TrialStage.Damaged, Message: e.Message);
        }
    }

    /// <summary>Returns null if the folder holds neither a result nor a specification: the trial was never started.</summary>
    private static TrialState? Found(string id, ResultStore store, bool skipped, DateTimeOffset now)
    {
        if (!store.Has(id))
            return new TrialFiles(store.TrialFolder(id)).ReadSpec() is { } stored
                ? TrialState.Open(Plan(stored.Label, stored.Spec), id, store, skipped, now) : null;
        try
        {
            var (head, spec) = ResultHead.Read(ResultOf(store, id));
            return new TrialState(Plan(head.Label, spec()), id, TrialStage.Finished, head.Status,
                head.Seconds)
            { IsEarlier = head.IsEarlier };
        }
        // without a specification it cannot be identified
        catch (InvalidDataException e) when (new TrialFiles(store.TrialFolder(id)).ReadSpec() is { } stored)
        {
            return new TrialState(Plan(stored.Label, stored.Spec), id, TrialStage.Damaged, Message: e.Message);
        }
    }

    private static PlannedTrial Plan(string label, TrialSpec spec) =>
        new(spec, label, new Condition(spec.Backbone, spec.Resolution, spec.Training, spec.Data));

    /// <summary>Returns the states with one object for conditions of equal content.</summary>
    private static IEnumerable<TrialState> Alike(IEnumerable<TrialState> states)
    {
        var alike = new AlikeConditions();
        foreach (var state in states) yield return state with { Plan = state.Plan with { Condition = alike.One(state.Plan.Condition) } };
    }

    private static IEnumerable<PoolRecord> ReadPools(ResultStore store)
    {
        var folder = Path.Combine(store.Folder, "pools");
        foreach (var file in Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            PoolRecord pool;
            try
            {
                pool = SpecJson.Read<PoolRecord>(File.ReadAllText(file));
            }
            catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
            {
                continue; // being rewritten, or removed since the list was read; the files of its trials are read anyway
            }

            yield return pool;
        }
    }

    private static string ResultOf(ResultStore store, string id) => Path.Combine(store.TrialFolder(id), "result.json");
}
