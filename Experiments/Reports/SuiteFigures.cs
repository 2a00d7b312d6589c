using System.ComponentModel;
using System.Reflection;
using Ablation.Experiments.Reports.Plots;
using Ablation.Harness.Evaluation;
using Ablation.Losses;

namespace Ablation.Experiments.Reports;

/// <summary>The plots of a suite: what is drawn, from which trials, and where it goes.</summary>
internal static class SuiteFigures
{
    public const string Folder = "plots";

    /// <summary>Draws the figures of one condition and test, and returns them for the page.</summary>
    public static IEnumerable<Figure> OfTable(Summary summary, SummaryTable table, string folder)
    {
        var slug = $"{Store.ResultStore.FileName(table.Test)}-{Store.ResultStore.FileName(table.ConditionLabel)}";
        var order = summary.Rows;
        if (Headline(table.Table) is { } headline)
        {
            var column = table.Table.Columns.ToList().IndexOf(headline);
            var estimator = headline.Estimator;
            // far below the others, it would squash their axis
            var figures = table.Table.Rows.Where(row => row.Name != Labels.Untrained)
                .Select(row => new LossFigure(row.Name, row.Cells[column].Known, row.Cells[column].HalfWidth, Seeds(summary, table, row.Name, headline)))
                .ToList();
            using var drawing = MetricByLoss.Draw($"{table.Test}, {table.ConditionLabel}", $"{headline.Name}, {estimator}", figures, order,
                ValueFormat.Percent, summary.Suite.BaselineLabel());
            var left = figures.Count < table.Table.Rows.Count ? " The untrained network is in the table only." : "";
            yield return Save(drawing, folder, $"{Store.ResultStore.FileName(headline.Name)}-{slug}", $"{table.Test}: {headline.Name} ({estimator}), mean over seeds with its " +
                $"95 % t interval; small dots are single seeds, the vertical line is the baseline.{left}");
        }

        var curves = order.Select(row => RocPlot.Mean(row, [.. summary.Of(table.Condition, row).SelectMany(trial => trial.Scores).OfType<PairScores>()
            .Where(score => score.Test == table.Test).Select(RocCurve.Of).OfType<RocCurve>()])).ToList();
        // only pairs have a curve; a test that no trial has yet keeps its empty frame
        if (summary.Trials.Any(trial => trial.Metrics.Any(metric => metric.Test == table.Test)) && !summary.Trials.Any(trial => trial.Scores.OfType<PairScores>().Any(score => score.Test == table.Test))) yield break;
        using var roc = RocPlot.Draw($"{table.Test}, {table.ConditionLabel}", curves, order);
        yield return Save(roc, folder, $"roc-{slug}",
            $"{table.Test}: TAR (conservative) over FAR, mean over seeds; bands reach from the lowest to the highest seed.");
    }

    /// <summary>Training loss of one condition, a panel for each family of losses.</summary>
    public static Figure? Training(Summary summary, Condition condition, string folder)
    {
        var panels = summary.Rows
            .Select(row => (Trials: summary.Of(condition, row).Where(trial => trial.History.Count > 0).ToList(), Row: row))
            .Where(row => row.Trials.Count > 0)
            .GroupBy(row => Family(row.Trials[0].Plan.Spec.Loss))
            .Select(family => new TrainingPanel(family.Key, [.. family.Select(row => Curve(row.Row, row.Trials))])).ToList();
        if (panels.Count == 0) return null;
        using var drawing = TrainingCurves.Draw(panels, summary.Rows, "epoch");
        return Save(drawing, folder, $"training-{Store.ResultStore.FileName(summary.ConditionLabels[condition])}",
            "Training loss (mean since the look before), mean over seeds; bands reach from the lowest to the highest seed. " +
            "Losses of different families have different scales.");
    }

    /// <summary>Accuracy over the network's resolution; null where the suite has one resolution.</summary>
    public static IEnumerable<Figure> ByResolution(Summary summary, string folder)
    {
        if (summary.Suite.Resolutions.Count < 2) yield break;
        foreach (var group in summary.Tables.GroupBy(table => (table.Test, table.Condition.Backbone, table.Condition.Training)))
        {
            var tables = group.OrderBy(table => table.Condition.Resolution).ToList();
            var series = summary.Rows.Select((row, i) => Line(row, tables, i)).ToList();
            var condition = tables[0].ConditionLabel.Replace(FormattableString.Invariant($", {tables[0].Condition.Resolution} px"), "", StringComparison.Ordinal);
            var metric = tables.Select(table => Headline(table.Table)).OfType<ResultColumn>().FirstOrDefault()?.Name ?? "accuracy";
            using var drawing = MetricByResolution.Draw($"{group.Key.Test}, {condition}", metric, series, summary.Rows, ValueFormat.Percent);
            yield return Save(drawing, folder, $"resolution-{Store.ResultStore.FileName($"{group.Key.Test} {condition}")}",
                $"{group.Key.Test}: {metric} over the network's resolution, mean over seeds with its 95 % t interval.");
        }
    }

    private static Series Line(string row, List<SummaryTable> tables, int index)
    {
        var cells = tables.Select(table => Headline(table.Table) is { } headline
            ? table.Table.Rows[index].Cells[table.Table.Columns.ToList().IndexOf(headline)]
            : ResultCell.Missing).ToList();
        return new Series(row, [.. tables.Select(table => (double)table.Condition.Resolution)], [.. cells.Select(cell => cell.Known ?? double.NaN)],
            [.. cells.Select(cell => cell.Known - cell.HalfWidth ?? double.NaN)], [.. cells.Select(cell => cell.Known + cell.HalfWidth ?? double.NaN)]);
    }

    /// <summary>What a test is known for: accuracy on the grid; of a test without it, its first figure.</summary>
    internal static ResultColumn? Headline(ResultTable table) =>
        table.Columns.FirstOrDefault(column => column.Name == "accuracy" && column.Estimator.Contains("grid", StringComparison.Ordinal)) ?? (table.Columns.Count > 0 ? table.Columns[0] : null);

    private static List<double> Seeds(Summary summary, SummaryTable table, string row, ResultColumn headline) =>
        [.. summary.Of(table.Condition, row).SelectMany(trial => trial.Metrics)
            .Where(metric => metric.Test == table.Test && metric.Name == headline.Name && metric.Estimator == headline.Estimator)
            .Select(metric => metric.Value).OfType<double>()];

    private static Series Curve(string row, List<StoredTrial> trials)
    {
        var longest = trials.MaxBy(trial => trial.History.Count)!.History;
        var seeds = trials.Select(trial => longest.Select((_, i) => i < trial.History.Count ? trial.History[i].Loss : double.NaN).ToArray()).ToList();
        return Series.OverSeeds(row, [.. longest.Select(point => point.Epoch)], seeds);
    }

    /// <summary>Losses whose values share a scale name the same category.</summary>
    private static string Family(LossOptions loss) => loss.GetType().GetCustomAttribute<CategoryAttribute>()?.Category ?? Catalog.NameOf(loss);

    private static Figure Save(Drawing drawing, string folder, string name, string caption)
    {
        var svg = drawing.Save(Path.Combine(folder, Folder), name);
        return new Figure(caption, $"{Folder}/{name}.png", svg);
    }
}
