using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A planned trial with what the store has of it. Metrics are computed again from the stored scores.</summary>
/// <param name="Result">Null where the trial is not finished.</param>
/// <param name="Failure">The last failure of an unfinished trial.</param>
public sealed record StoredTrial(PlannedTrial Plan, string Id, TrialResult? Result, TrialFailure? Failure,
    IReadOnlyList<HistoryPoint> History, IReadOnlyList<TestScores> Scores, IReadOnlyList<Metric> Metrics)
{
    /// <summary>
    /// Tests that were taken after the training, by <c>ablation evaluate</c>; their scores and metrics are among the others.
    /// </summary>
    public IReadOnlyList<StoredEvaluation> Later { get; init; } = [];

    /// <summary>What is wrong with stored files, with the cure of each; empty where nothing is. The numbers of a damaged file are missing:
    /// of a damaged result, history or score, all of the trial.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Whether there is a result whose numbers cannot be used.</summary>
    public bool IsDamaged => Result is null && Damage.Count > 0;

    /// <summary>Whether the result is of an earlier version, without a checksum.</summary>
    public bool IsEarlier => Result is { Files: null };

    /// <summary>What the test of a table shares with the training set; null where that is not known.</summary>
    public DataOverlap? Overlap(string table) => Parts(table).Select(part =>
        Result?.Overlaps?.FirstOrDefault(overlap => overlap.Test == part) ?? Later.FirstOrDefault(later => later.Test == part)?.Overlap)
        .FirstOrDefault(overlap => overlap is not null);

    /// <summary>Whether the test of a table was taken after the training.</summary>
    public bool IsLater(string table) => Parts(table).Any(part => Later.Any(later => later.Test == part));

    private IEnumerable<string> Parts(string table) =>
        Scores.Where(part => TableMetrics.TableOf(part, Scores) == table).Select(part => part.Test);

    public static StoredTrial Read(PlannedTrial plan, ResultStore store) => Read(plan, store, new SharedDesign());

    /// <param name="design">Of the suite: keeps what trials have in common once.</param>
    internal static StoredTrial Read(PlannedTrial plan, ResultStore store, SharedDesign design)
    {
        var id = plan.Spec.Id();
        try
        {
            return store.Load(id) is { } result ? Read(plan, id, result, store, design) : Unfinished(plan, id, store);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new StoredTrial(plan, id, null, null, [], [],
                [])
            {
                Damage = [e is InvalidDataException
                    ? e.Message : $"{store.TrialFolder(id)}: {e.Message}; mend the disk or its permissions"]
            };
        }
    }

    /// <summary>A failure that cannot be read is one all the same.</summary>
    private static StoredTrial Unfinished(PlannedTrial plan, string id, ResultStore store)
    {
        TrialFailure? failure;
        try
        {
            failure = store.LoadFailure(id);
        }
        catch (InvalidDataException e)
        {
            failure = new TrialFailure(id, plan.Label, plan.Spec.Seed, DateTimeOffset.MaxValue, e.Message, "");
        }

        return new StoredTrial(plan, id, null, failure, [], [], []);
    }

    private static StoredTrial Read(PlannedTrial plan, string id, TrialResult result, ResultStore store, SharedDesign design)
    {
        var scores = result.Metrics.Select(metric => metric.Test).Distinct().Select(test => design.Share(store.LoadScores(result, test)))
            .ToList();
        var metrics = scores.SelectMany(score => score.Metrics()).ToList();
        // one that the suite has too says nothing new
        var later = new EvaluationStore(store.TrialFolder(id)).Load(out var damage)
            .Where(one => scores.All(score => score.Test != one.Scores.Test)).ToList();
        var laterMetrics = later.SelectMany(one => one.Scores.Metrics()).ToList();
        foreach (var stored in result.Metrics) CheckAgain(stored, metrics, store.TrialFolder(id), "result.json");
        foreach (var stored in later.SelectMany(one => one.Evaluation.Metrics))
            CheckAgain(stored, laterMetrics, store.TrialFolder(id), "its evaluation");
        IReadOnlyList<TestScores> all = [.. scores, .. later.Select(one => one.Scores)];
        return new StoredTrial(plan, id, result, null, store.LoadHistory(result), all,
            [.. TableMetrics.Select(all, [.. metrics, .. laterMetrics])])
        {
            Later = [.. later.Select(one => one.Evaluation)],
            Damage = damage
        };
    }

    /// <summary>The stored scores must give the stored figure; one that this version no longer computes is passed over.</summary>
    private static void CheckAgain(Metric stored, IReadOnlyList<Metric> metrics, string folder, string file)
    {
        var again = metrics.FirstOrDefault(other => (other.Test, other.Name, other.Estimator)
            == (stored.Test, stored.Name, stored.Estimator));
        var alike = again?.Value is { } value && stored.Value is { } told
            ? Math.Abs(value - told) <= 1e-9 : again?.Value is null && stored.Value is null;
        if (again is null || (again.N == stored.N && alike)) return;
        throw new InvalidDataException(
            $"{folder}: the scores give {stored.Name} {again.Value?.ToString() ?? ValueFormat.Missing} over {again.N} pairs, " +
            $"{file} says {stored.Value?.ToString() ?? ValueFormat.Missing} over {stored.N}; one of them was changed: delete the folder " +
            $"to run the trial again");
    }
}

/// <summary>A table's place in a suite: its condition and its test.</summary>
public sealed record SummaryTable(Condition Condition, string ConditionLabel, string Test, ResultTable Table,
    IReadOnlyList<IReadOnlyList<string>> TrialIds);

/// <summary>Everything that a suite's report needs, read from the store; no device is touched.</summary>
public sealed class Summary
{
    private readonly ILookup<(Condition, string), StoredTrial> bySeed;

    private Summary(Suite suite, IReadOnlyList<StoredTrial> trials, SkippedTrials? skipped)
    {
        Suite = suite;
        var leftOut = skipped?.Trials.Select(one => one.Id).ToHashSet() ?? [];
        LeftOut = [.. trials.Where(trial => trial is { Result: null, Failure: null, IsDamaged: false } && leftOut.Contains(trial.Id))];
        Trials = trials;
        bySeed = trials.OrderBy(trial => trial.Plan.Spec.Seed).ToLookup(trial => (trial.Plan.Condition, trial.Plan.Label));
        Rows = [.. trials.Select(trial => trial.Plan.Label).Distinct()];
        ConditionLabels = Name(suite);
        Tests = [.. trials.SelectMany(trial => trial.Metrics).Select(metric => metric.Test).Distinct()];
        Specified = SpecifiedTables.Build(this);
        Tables = EveryCore.Select([.. from condition in suite.Conditions() from test in Tests where IsShown(condition, test)
            select (condition, test)], at => SummaryTables.Build(this, at.condition, at.test));
    }

    /// <summary>Reads all trials; one whose files are damaged, or contradict each other, is there without its numbers (<see
    /// cref="StoredTrial.Damage"/>).</summary>
    /// <exception cref="InvalidDataException">A file of the suite itself is damaged; says which.</exception>
    public static Summary Read(Suite suite, ResultStore store)
    {
        var (design, trials) = (new SharedDesign(), suite.Trials());
        store.Knowing(trials);
        return new(suite, EveryCore.Select(trials, plan => StoredTrial.Read(plan, store, design)), SkippedTrials.Load(store));
    }

    public Suite Suite { get; }

    public IReadOnlyList<StoredTrial> Trials { get; }

    /// <summary>Trials that the last run had no time for, and that are still not there.</summary>
    public IReadOnlyList<StoredTrial> LeftOut { get; }

    /// <summary>Labels of the losses in the order of every table and plot.</summary>
    public IReadOnlyList<string> Rows { get; }

    public IReadOnlyDictionary<Condition, string> ConditionLabels { get; }

    public IReadOnlyList<string> Tests { get; }

    public IReadOnlyList<SummaryTable> Tables { get; }

    /// <summary>The tables that the suite asks for.</summary>
    public IReadOnlyList<SpecifiedTable> Specified { get; }

    /// <summary>
    /// A test of the suite has a table in every condition, even an empty one; one that was taken later, where it was taken.
    /// </summary>
    private bool IsShown(Condition condition, string test)
    {
        var have = Trials.Where(trial => trial.Metrics.Any(metric => metric.Test == test)).ToList();
        return have.Any(trial => trial.Plan.Condition == condition || !trial.IsLater(test));
    }

    /// <summary>The trials of one row of one table, by seed.</summary>
    public IEnumerable<StoredTrial> TrialsOf(Condition condition, string label) =>
        bySeed[(condition, label)];

    /// <summary>
    /// Groups of finished trials of one condition and seed whose initial weights, proxies or first batch differ: there must be
    /// none, or the comparison is not paired.
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

    /// <summary>
    /// What tables call each condition: the suite's own name; else network and resolution, and what tells it from the others.
    /// </summary>
    internal static Dictionary<Condition, string> Name(Suite suite)
    {
        var (networks, networkLabels) = (suite.Networks().ToList(), Labels.Of(suite.Networks()));
        var trainings = suite.WaysToTrain().ToList();
        var (sets, setLabels) = (suite.Data.ToList(), Labels.Of(suite.Data));
        return suite.Conditions().Distinct().ToDictionary(condition => condition, condition =>
        {
            var training = trainings.Count == 1 || suite.Given is not null ? "" : $", training {trainings.IndexOf(condition.Training) + 1}";
            var data = sets.Count == 1 ? "" : $", {setLabels[sets.IndexOf(condition.Data)]}";
            return (condition.Name ?? $"{networkLabels[networks.IndexOf(condition.Backbone)]}, {condition.Resolution} px{training}") + data;
        });
    }
}
