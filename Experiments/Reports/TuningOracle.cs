using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Shows what a choice by the test would have claimed: for each loss the test figure of the configuration that validation chose, beside
/// that of the configuration with the best test figure. The second is chosen by what it is judged by, so it is too good.
/// </summary>
internal static class TuningOracle
{
    /// <summary>Builds the table for the headline of a table; null if the tuning trials were not tested.</summary>
    public static TextTable? Build(TuningState state, TuningChoice choice, ResultTable table)
    {
        var column = table.Columns[table.Headline!.Value];
        var last = state.Rounds[^1];
        var rows = state.Plan.Losses.Select((loss, i) => Row(loss.Label, choice.For(loss.Label)?.Draw ?? 0,
            [.. last.Where(trial => trial.Loss == i).GroupBy(trial => trial.Draw)
                .Select(draw => (draw.Key, Mean([.. draw.Select(trial => trial.OnTest(table.Test, column.Metric, column.Estimator))])))
                .Where(draw => draw.Item2 is not null).Select(draw => (draw.Key, draw.Item2!.Value))], column)).ToList();
        if (rows.TrueForAll(row => row is null)) return null;
        return new TextTable(
            $"Had the test chosen: {table.Test}, {column.Name} ({column.Estimator}), {column.Format.Unit}, of the networks of the " +
            $"search, which saw fewer people. Inflation is what a figure gains that was chosen by the test it is reported on.",
            [new("loss"), new("chosen by validation", "its test figure", true), new("best on the test", "its test figure", true),
                new("inflation", "points", true), new("configurations", IsNumber: true)],
            [.. rows.OfType<IReadOnlyList<TextCell>>()]);
    }

    private static IReadOnlyList<TextCell>? Row(string loss, int chosen, IReadOnlyList<(int Draw, double Value)> draws, ResultColumn column)
    {
        if (draws.Count == 0) return null;
        var best = column.HigherIsBetter ? draws.MaxBy(draw => draw.Value) : draws.MinBy(draw => draw.Value);
        var own = draws.Where(draw => draw.Draw == chosen).Select(draw => (double?)draw.Value).FirstOrDefault();
        var inflation = column.HigherIsBetter ? best.Value - own : own - best.Value;
        return
        [
            new(loss), new(column.Format.Text(own), Details: [$"draw {chosen}"]),
            new(column.Format.Text(best.Value), Details: [$"draw {best.Draw}"]), new(column.Format.Signed(inflation)) { Value = inflation },
            new(draws.Count.ToString()),
        ];
    }

    /// <summary>The mean over the tuning seeds; null if one has no figure.</summary>
    private static double? Mean(IReadOnlyList<double?> values) => values.All(value => value is not null) ? values.Average() : null;
}
