using System.Collections.Concurrent;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Brings the people of a test into the comparisons of a table: with one seed as the only source of error, with more beside the seeds. The
/// people of each draw are the same for all networks, losses and seeds.
/// </summary>
public sealed class TestPeople(SuiteTrials trials, string baseline)
{
    private const int MostBootstrapped = 200; // trials of a suite above which nothing is drawn
    private const int MostPairs = 200_000; // of a test above which nothing is drawn: a report would take minutes
    private const int Draws = 500; // gives a deviation to 3 %
    private readonly ConcurrentDictionary<(string Trial, Metric Figure), FigureDraws?> known = [];

    /// <summary>Adds the people to the comparison of a row in a column.</summary>
    /// <param name="seeds">Seeds that both have and that did not collapse.</param>
    public LossComparison Add(LossComparison comparison, Condition condition, string row, Metric figure, IReadOnlyList<int> seeds)
    {
        try
        {
            return comparison.Verdict switch
            {
                Verdict.OneSeed => comparison with { OneSeed = OneSeed(condition, row, figure, seeds[0]) },
                Verdict.Collapsed or Verdict.NoCommonSeed => comparison,
                _ => comparison with { People = Across(comparison, condition, row, figure, seeds) },
            };
        }
        catch (DataProblem)
        {
            return comparison; // different pairs or probes, which the top of the page reports
        }
    }

    private OneSeedComparison? OneSeed(Condition condition, string row, Metric figure, int seed)
    {
        if (Scored(condition, row, figure, seed) is not { } own || Scored(condition, baseline, figure, seed) is not { } other) return null;
        return OneSeedTest.Compare(own.Scores, other.Scores, [(own.Name, figure.Estimator)],
            IsDrawn(own.Scores) ? PairedBootstrap.UsualDraws : 0)[0];
    }

    private PeopleInterval? Across(LossComparison comparison, Condition condition, string row, Metric figure, IReadOnlyList<int> seeds)
    {
        var (own, others) = (Drawn(condition, row, figure, seeds), Drawn(condition, baseline, figure, seeds));
        if (own is null || others is null || FigureDraws.VarianceOfMeanDifference(own, others) is not { } variance) return null;
        return PeopleInterval.Of(comparison, variance, own[0].Persons,
            $"paired identity bootstrap over {seeds.Count} seeds, {own[0].How}", isShare: true);
    }

    /// <summary>Returns the draws of one trial per seed; null if a trial has none.</summary>
    private List<FigureDraws>? Drawn(Condition condition, string row, Metric figure, IReadOnlyList<int> seeds)
    {
        var first = Scored(condition, baseline, figure, seeds[0]);
        var drawn = new List<FigureDraws>();
        foreach (var seed in seeds)
        {
            if (first is null || Scored(condition, row, figure, seed) is not { } scored || !IsDrawn(scored.Scores)) return null;
            SameCases.Require(scored.Scores, first.Value.Scores);
            var draws = known.GetOrAdd((scored.Trial, figure), _ =>
                FigureDraws.Of(scored.Scores, [(scored.Name, figure.Estimator)], Draws, seed: 0)[0]);
            if (draws is null) return null;
            drawn.Add(draws);
        }

        return drawn;
    }

    private bool IsDrawn(TestScores scores) => trials.All.Count <= MostBootstrapped
        && (scores is not PairScores pairs || pairs.Same.Length <= MostPairs);

    /// <summary>Returns the scores behind a figure of a table and the figure's name in them; null if there are none.</summary>
    private (string Trial, TestScores Scores, string Name)? Scored(Condition condition, string row, Metric figure, int seed)
    {
        var trial = trials.Of(condition, row).FirstOrDefault(trial => trial.Plan.Spec.Seed == seed);
        foreach (var part in trial?.Scores ?? [])
        {
            if (TableMetrics.TableOf(part, trial!.Scores) != figure.Test) continue;
            // in the table of a low-resolution test a figure's name ends with its cell
            var cell = LowResolutionTest.CellOf(part) is { } one ? $" {one.Cell}" : "";
            if (figure.Name.EndsWith(cell, StringComparison.Ordinal)) return (trial.Id, part.Read(), figure.Name[..^cell.Length]);
        }

        return null;
    }
}
