using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Tests one table's rows against its baseline if they share exactly one seed. Compares each pair of trials once, on first use.
/// </summary>
public sealed class OneSeedRows(Summary summary, string baseline, IReadOnlyList<Metric> metrics)
{
    private const int MostBootstrapped = 100; // number of trials in a suite above which figures that need a bootstrap are not tested
    private readonly Dictionary<(Condition, string), IReadOnlyList<OneSeedComparison?>> known = [];

    /// <summary>Returns the test of a row and a column; null if no test is possible.</summary>
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
        if (shared is not [var candidate]) return []; // a metric lacks a seed that others have
        try
        {
            return Compare(candidate, others.Single(other => other.Plan.Spec.Seed == candidate.Plan.Spec.Seed), metrics,
                summary.Trials.Count <= MostBootstrapped ? PairedBootstrap.UsualDraws : 0);
        }
        catch (DataProblem)
        {
            return []; // different pairs or probes, which the top of the page reports: no test
        }
    }

    private List<StoredTrial> Scored(Condition condition, string row) =>
        [.. summary.TrialsOf(condition, row).Where(trial => trial.Scores.Count > 0)];

    /// <summary>Returns one comparison per figure, in the order given; null if no test is possible (print "n/a (one seed)").</summary>
    /// <param name="candidate">A trial of the same condition and seed as <paramref name="baseline"/>.</param>
    /// <param name="metrics">Figures as tables name them (<see cref="StoredTrial.Metrics"/>).</param>
    /// <param name="draws">Draws of the bootstrap; 0 for McNemar's test only, which takes no time.</param>
    /// <exception cref="DataProblem">The two were not tested on the same pairs or probes.</exception>
    public static IReadOnlyList<OneSeedComparison?> Compare(StoredTrial candidate, StoredTrial baseline, IReadOnlyList<Metric> metrics,
        int draws, int seed = 0)
    {
        var found = new OneSeedComparison?[metrics.Count];
        foreach (var part in candidate.Scores)
        {
            if (baseline.Scores.FirstOrDefault(other => other.Test == part.Test) is not { } against) continue;
            var table = TableMetrics.TableOf(part, candidate.Scores);
            // in the table of a low-resolution test a figure's name ends with its cell
            var cell = part is PairScores pairs && LowResolutionTest.CellOf(pairs) is { } one ? $" {one.Cell}" : "";
            var here = Enumerable.Range(0, metrics.Count)
                .Where(i => metrics[i].Test == table && metrics[i].Name.EndsWith(cell, StringComparison.Ordinal)).ToList();
            var compared = OneSeedTest.Compare(part, against,
                [.. here.Select(i => (metrics[i].Name[..^cell.Length], metrics[i].Estimator))], draws, seed);
            foreach (var (i, comparison) in here.Zip(compared)) found[i] = comparison;
        }

        return found;
    }
}
