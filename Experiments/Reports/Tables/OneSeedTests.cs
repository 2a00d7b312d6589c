using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Tests within one seed for the figures of a table, from the raw scores of two trials.</summary>
public static class OneSeedTests
{
    /// <summary>One comparison a figure, in the order given; null where no test is possible (print "n/a (one seed)").</summary>
    /// <param name="candidate">A trial of the same condition and seed as <paramref name="baseline"/>.</param>
    /// <param name="metrics">Figures as tables name them (<see cref="StoredTrial.Metrics"/>).</param>
    /// <param name="draws">Of the bootstrap; 0 for McNemar's test alone, which takes no time.</param>
    /// <exception cref="DataProblem">The two were not tested on the same pairs or probes.</exception>
    public static IReadOnlyList<OneSeedComparison?> Compare(StoredTrial candidate, StoredTrial baseline, IReadOnlyList<Metric> metrics,
        int draws, int seed = 0)
    {
        var found = new OneSeedComparison?[metrics.Count];
        foreach (var part in candidate.Scores)
        {
            if (baseline.Scores.FirstOrDefault(other => other.Test == part.Test) is not { } against) continue;
            var table = TableMetrics.TableOf(part, candidate.Scores);
            // in the table of a low-resolution test the name of a figure ends with its cell
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
