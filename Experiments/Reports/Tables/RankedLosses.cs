using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Ranks of a suite's losses in one metric over its conditions and tests, for a critical-difference diagram.</summary>
/// <param name="Losses">Labels in the order of the suite, without the untrained network.</param>
/// <param name="Ranks">Friedman's test; its blocks are conditions x tests.</param>
public sealed record RankedLosses(IReadOnlyList<string> Losses, Friedman Ranks, CriticalDifference Difference)
{
    /// <summary>
    /// Ranks means over the seeds that all losses have. Returns null with fewer than two losses, or fewer than two blocks in which all
    /// losses have a value.
    /// </summary>
    /// <param name="metric">"accuracy"; every test that has it counts.</param>
    /// <param name="estimator">"10-fold, grid".</param>
    public static RankedLosses? Rank(Summary summary, string metric, string estimator)
    {
        var losses = summary.Rows.Where(row => row != Labels.Untrained).ToList();
        var higherIsBetter = true;
        var blocks = new List<IReadOnlyList<double?>>();
        foreach (var condition in summary.ConditionLabels.Keys)
        {
            foreach (var test in summary.Tests)
            {
                var found = losses.ConvertAll(loss => BySeed(summary.TrialsOf(condition, loss), (test, metric, estimator)));
                if (found.All(bySeed => bySeed.Count == 0)) continue;
                higherIsBetter = found.SelectMany(bySeed => bySeed.Values).First().HigherIsBetter;
                var seeds = found.SelectMany(bySeed => bySeed.Keys).Distinct().Order().ToList();
                var shared = seeds.Where(seed => found.All(bySeed => bySeed.ContainsKey(seed))).ToList();
                blocks.Add([.. found.Select(bySeed => shared.Count == 0
                    ? (double?)null : shared.Average(seed => bySeed[seed].Value!.Value))]);
            }
        }

        return Friedman.Test(blocks, higherIsBetter) is { } ranks
            ? new RankedLosses(losses, ranks, CriticalDifference.Compute(ranks)) : null;
    }

    private static Dictionary<int, Metric> BySeed(IEnumerable<StoredTrial> trials, (string Test, string Name, string Estimator) figure) =>
        trials.Select(trial => (trial.Plan.Spec.Seed,
                Metric: trial.Metrics.FirstOrDefault(one => (one.Test, one.Name, one.Estimator) == figure)))
            .Where(trial => trial.Metric?.Value is not null).ToDictionary(trial => trial.Seed, trial => trial.Metric!);
}
