using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Tests of one table's rows against its baseline where they have one seed in common, each pair of trials compared once and when it is
/// asked for.
/// </summary>
internal sealed class OneSeedRows(Summary summary, string baseline, IReadOnlyList<Metric> metrics)
{
    private const int MostBootstrapped = 100; // trials of a suite; beyond it figures that need a bootstrap are not tested
    private readonly Dictionary<(Condition, string), IReadOnlyList<OneSeedComparison?>> known = [];

    /// <summary>Null where no test is possible.</summary>
    public OneSeedComparison? Compare(Condition condition, string row, Metric? metric)
    {
        if (metric is null) return null;
        if (!known.TryGetValue((condition, row), out var found)) known[(condition, row)] = found = Compare(condition, row);
        return found.Count == 0 ? null : found[metrics.ToList().IndexOf(metric)];
    }

    private IReadOnlyList<OneSeedComparison?> Compare(Condition condition, string row)
    {
        var (own, others) = (Scored(condition, row), Scored(condition, baseline));
        var shared = own.Where(trial => others.Any(other => other.Plan.Spec.Seed == trial.Plan.Spec.Seed)).ToList();
        if (shared is not [var candidate]) return []; // some metric lacks a seed that others have
        try
        {
            return OneSeedTests.Compare(candidate, others.Single(other => other.Plan.Spec.Seed == candidate.Plan.Spec.Seed), metrics,
                summary.Trials.Count <= MostBootstrapped ? PairedBootstrap.UsualDraws : 0);
        }
        catch (DataProblem)
        {
            return []; // other pairs or probes: the page's head names fingerprints that differ, and no test is made
        }
    }

    private List<StoredTrial> Scored(Condition condition, string row) =>
        [.. summary.TrialsOf(condition, row).Where(trial => trial.Scores.Count > 0)];
}
