using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A planned trial with its stored data. Metrics are computed again from the stored scores.</summary>
/// <param name="Result">Null if the trial is not finished.</param>
/// <param name="Failure">The last failure of an unfinished trial.</param>
public sealed record StoredTrial(PlannedTrial Plan, string Id, TrialResult? Result, TrialFailure? Failure,
    TrialHistory History, IReadOnlyList<HeldScores> Scores, IReadOnlyList<Metric> Metrics)
{
    /// <summary>Tests evaluated after the training by <c>ablation evaluate</c>; their scores and metrics are among the others.</summary>
    public IReadOnlyList<StoredEvaluation> Later { get; init; } = [];

    /// <summary>What is wrong with stored files, with a cure for each; empty if nothing. The numbers of a damaged file are missing; for a
    /// damaged result, history or score, all numbers of the trial.</summary>
    public IReadOnlyList<string> Damage { get; init; } = [];

    /// <summary>Whether there is a result whose numbers cannot be used.</summary>
    public bool IsDamaged => Result is null && Damage.Count > 0;

    /// <summary>Whether the result was written by an earlier version, without a checksum.</summary>
    public bool IsEarlier => Result is { Files: null };

    /// <summary>Returns what the test of a table shares with the training set; null if unknown.</summary>
    public DataOverlap? Overlap(string table) => Parts(table).Select(part =>
        Result?.Overlaps?.FirstOrDefault(overlap => overlap.Test == part) ?? Later.FirstOrDefault(later => later.Test == part)?.Overlap)
        .FirstOrDefault(overlap => overlap is not null);

    /// <summary>Whether the test of a table was evaluated after the training.</summary>
    public bool IsLater(string table) => Parts(table).Any(part => Later.Any(later => later.Test == part));

    private IEnumerable<string> Parts(string table) =>
        Scores.Where(part => TableMetrics.TableOf(part, Scores) == table).Select(part => part.Test);

    /// <param name="design">Shared by the trials of the suite.</param>
    /// <param name="id">Of the plan's specification.</param>
    internal static StoredTrial Read(PlannedTrial plan, string id, ResultStore store, SharedDesign design)
    {
        try
        {
            return store.Load(id) is { } result ? Read(plan, id, result, store, design) : Unfinished(plan, id, store);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new StoredTrial(plan, id, null, null, TrialHistory.None, [], [])
            {
                Damage = [e is InvalidDataException
                    ? e.Message : $"{store.TrialFolder(id)}: {e.Message}; repair the disk or its permissions"]
            };
        }
    }

    /// <summary>Reads the failure; an unreadable file counts as one.</summary>
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

        return new StoredTrial(plan, id, null, failure, TrialHistory.None, [], []);
    }

    private static StoredTrial Read(PlannedTrial plan, string id, TrialResult result, ResultStore store, SharedDesign design)
    {
        var scores = result.Metrics.Select(metric => metric.Test).Distinct()
            .Select(test => ScoresOf(result, test, store, design)).ToList();
        var metrics = scores.SelectMany(score => score.Metrics()).ToList();
        // skip a test that the suite has too
        var later = new EvaluationStore(store.TrialFolder(id)).Load(out var damage)
            .Where(one => scores.All(score => score.Test != one.Scores.Test)).ToList();
        var laterMetrics = later.SelectMany(one => one.Scores.Metrics()).ToList();
        foreach (var stored in result.Metrics) CheckAgain(stored, metrics, store.TrialFolder(id), "result.json");
        foreach (var stored in later.SelectMany(one => one.Evaluation.Metrics))
            CheckAgain(stored, laterMetrics, store.TrialFolder(id), "its evaluation");
        IReadOnlyList<TestScores> all = [.. scores, .. later.Select(one => one.Scores)];
        var lean = Lean(result, plan, metrics);
        IReadOnlyList<HeldScores> held =
        [
            .. scores.Select(one => Held(one, lean, store, design)),
            .. later.Select(one => new HeldScores(one.Scores, 0, design.Scores, () => one.Scores)),
        ];
        return new StoredTrial(plan, id, lean, null, TrialHistory.Of(store.LoadHistory(result)), held,
            [.. TableMetrics.Select(all, [.. metrics, .. laterMetrics])])
        {
            Later = [.. later.Select(one => one.Evaluation)],
            Damage = damage
        };
    }

    // a lambda in the loop above would keep the scores
    private static HeldScores Held(TestScores scores, TrialResult result, ResultStore store, SharedDesign design)
    {
        var test = scores.Test;
        return new HeldScores(scores, store.SizeOfScores(result.Id, test), design.Scores, () => ScoresOf(result, test, store, design));
    }

    private static TestScores ScoresOf(TrialResult result, string test, ResultStore store, SharedDesign design) =>
        design.Share(store.LoadScores(result, test, design.Arrays));

    /// <summary>Returns the result with the objects that are in memory anyway: ten thousand equal specifications and names of metrics
    /// would take a tenth of a large report's memory.</summary>
    private static TrialResult Lean(TrialResult result, PlannedTrial plan, List<Metric> metrics) => result with
    {
        Spec = plan.Spec,
        Metrics = [.. result.Metrics.Select(stored => metrics.Find(again => again == stored) ?? stored)],
    };

    /// <summary>Checks that the stored scores give the stored figure; skips figures that this version no longer computes.</summary>
    private static void CheckAgain(Metric stored, IReadOnlyList<Metric> metrics, string folder, string file)
    {
        var again = metrics.FirstOrDefault(other => (other.Test, other.Name, other.Estimator)
            == (stored.Test, stored.Name, stored.Estimator));
        var alike = again?.Value is { } value && stored.Value is { } before
            ? Math.Abs(value - before) <= 1e-9 : again?.Value is null && stored.Value is null;
        if (again is null || (again.N == stored.N && alike)) return;
        throw new InvalidDataException(
            $"{folder}: the scores give {stored.Name} {again.Value?.ToString() ?? ValueFormat.Missing} over {again.N} pairs, " +
            $"{file} says {stored.Value?.ToString() ?? ValueFormat.Missing} over {stored.N}; one of them was changed: delete the folder " +
            $"to run the trial again");
    }
}
