using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The data of a suite's report, read from the store without a device.</summary>
public sealed class Summary
{
    private readonly SuiteTrials stored;

    private Summary(Suite suite, IReadOnlyList<StoredTrial> trials, SkippedTrials? skipped)
    {
        Suite = suite;
        var leftOut = skipped?.Trials.Select(one => one.Id).ToHashSet() ?? [];
        LeftOut = [.. trials.Where(trial => trial is { Result: null, Failure: null, IsDamaged: false } && leftOut.Contains(trial.Id))];
        (Trials, Distinct) = (trials, [.. trials.DistinctBy(trial => trial.Id)]);
        stored = new SuiteTrials(suite, trials);
        Tests = [.. stored.Metrics.Select(metric => metric.Test).Distinct()];
        var shown = Tests.ToDictionary(test => test, Shown);
        Specified = TableBuilder.Specified(stored);
        Tables = EveryCore.Select([.. from condition in suite.Conditions() from test in Tests where shown[test].Contains(condition)
            select (condition, test)], at => TableBuilder.Default(stored, at.condition, at.test));
    }

    /// <summary>Reads all trials; one whose files are damaged or contradict each other is included without its numbers (<see
    /// cref="StoredTrial.Damage"/>).</summary>
    /// <exception cref="InvalidDataException">A file of the suite itself is damaged; the message names it.</exception>
    /// <param name="shared">What the trials' scores have in common; null for a new one.</param>
    public static Summary Read(Suite suite, ResultStore store, SharedDesign? shared = null)
    {
        var (design, trials) = (shared ?? new SharedDesign(), EveryCore.Select(suite.Trials(), plan => (Plan: plan, Id: plan.Spec.Id())));
        store.Knowing(trials);
        return new(suite, EveryCore.Select(trials, trial => StoredTrial.Read(trial.Plan, trial.Id, store, design)),
            SkippedTrials.Load(store));
    }

    public Suite Suite { get; }

    public IReadOnlyList<StoredTrial> Trials { get; }

    /// <summary>The trials without repetition: a tuned row that kept its setting has the trials of the row as given.</summary>
    public IReadOnlyList<StoredTrial> Distinct { get; }

    /// <summary>Trials that the last run skipped for lack of time and that are still missing.</summary>
    public IReadOnlyList<StoredTrial> LeftOut { get; }

    /// <summary>Labels of the losses in the order of every table and plot.</summary>
    public IReadOnlyList<string> Rows => stored.Rows;

    public IReadOnlyDictionary<Condition, string> ConditionLabels => stored.ConditionLabels;

    public IReadOnlyList<string> Tests { get; }

    public IReadOnlyList<ResultTable> Tables { get; }

    /// <summary>The tables that the suite requests.</summary>
    public IReadOnlyList<ResultTable> Specified { get; }

    /// <summary>
    /// Returns the conditions that have a default table of a test. A test of the suite has one in every condition, even an empty one; a
    /// later evaluation only where it was made.
    /// </summary>
    private HashSet<Condition> Shown(string test)
    {
        var have = Trials.Where(trial => trial.Metrics.Any(metric => metric.Test == test)).ToList();
        return [.. have.Any(trial => !trial.IsLater(test)) ? Suite.Conditions() : have.Select(trial => trial.Plan.Condition)];
    }

    /// <summary>Returns the trials of one row of one table, by seed.</summary>
    public IEnumerable<StoredTrial> TrialsOf(Condition condition, string label) => stored.Of(condition, label);

    /// <inheritdoc cref="TrialsOf(Condition, string)"/>
    /// <param name="table">A table of one condition; if columns name their own conditions, a row has no trials as a whole.</param>
    public IEnumerable<StoredTrial> TrialsOf(ResultTable table, string label) =>
        table.Condition is { } condition ? TrialsOf(condition, label) : [];

    /// <summary>
    /// Returns groups of finished trials of one condition and seed whose initial weights, proxies or first batch differ, so that their
    /// comparison is not paired.
    /// </summary>
    public IReadOnlyList<string> PairingProblems()
    {
        var finished = Trials.Where(trial => trial.Result is not null).ToLookup(trial => (trial.Plan.Condition, trial.Plan.Spec.Seed));
        return
        [
            .. finished.Where(group => group.Select(trial => trial.Result!.Pairing with { Batches = null }).Distinct().Count() > 1
                                       || group.Select(trial => trial.Result!.Pairing.Batches).OfType<string>().Distinct().Count() > 1)
                .Select(group => $"{ConditionLabels[group.Key.Condition]}, seed {group.Key.Seed}"),
        ];
    }
}
