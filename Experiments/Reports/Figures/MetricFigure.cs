using System.ComponentModel;
using Ablation.Experiments.Reports.Tables;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>A figure of one metric of a test.</summary>
public abstract record MetricFigure : TableFigure
{
    [Description("name of the metric, as tables show it; by default accuracy on the grid, or the test's first figure")]
    public string? Metric { get; init; }

    [Description("estimator, as tables name it; by default the metric's first")]
    public string? Estimator { get; init; }

    /// <summary>Notes a test or metric that occurs in no result.</summary>
    public override IEnumerable<Block> OfSuite(Summary summary, string folder)
    {
        var unknown = base.OfSuite(summary, folder).ToList();
        var tables = summary.Tables.Where(table => Test is null || Test == table.Test).ToList();
        if (unknown.Count > 0 || tables.Count == 0 || tables.Any(table => Column(table) is not null)) return unknown;
        var known = tables.SelectMany(table => table.Columns).Select(column => $"{column.Name} ({column.Estimator})").Distinct();
        return [UnknownMetric(known)];
    }

    /// <summary>Returns the index of the metric's column; null where the table lacks it.</summary>
    protected int? Column(ResultTable table)
    {
        var fits = Enumerable.Range(0, table.Columns.Count).Where(i => Fits(table.Columns[i].Name, table.Columns[i].Estimator)).ToList();
        if (fits.Count == 0) return null;
        var headline = fits.FindIndex(i => ResultColumn.IsHeadline(table.Columns[i].Name, table.Columns[i].Estimator));
        return Metric is null && headline >= 0 ? fits[headline] : fits[0];
    }

    protected bool Fits(string name, string estimator) =>
        (Metric is null || Metric == name) && (Estimator is null || Estimator == estimator);

    protected Note UnknownMetric(IEnumerable<string> known) =>
        new($"figure {Catalog.NameOf(this)}: no result has the metric " +
            $"{Metric ?? "of any name"}{(Estimator is null ? "" : $" ({Estimator})")}; known: {string.Join("; ", known)}");

    /// <summary>Returns a suffix that distinguishes files of one kind.</summary>
    protected string Suffix() => $"{(Metric is null ? "" : $"-{Metric}")}{(Estimator is null ? "" : $"-{Estimator}")}";
}
