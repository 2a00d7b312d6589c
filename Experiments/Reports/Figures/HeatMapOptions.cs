using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>A metric over two settings: one cell per pair of values, one panel per combination of the other settings (loss, network,
/// training).</summary>
[Description("a metric over two settings as a map of cells; which trainings diverged or learnt nothing")]
public sealed record HeatMapOptions : AxisFigure
{
    [Description("path of the setting along the vertical axis")]
    public required string Y { get; init; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Axes() => [X, Y];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(Suite suite) =>
        X == Y ? [.. base.Problems(suite), $"x and y are both \"{X}\"; name two settings"] : base.Problems(suite);

    private protected override IEnumerable<Block> Draw(Summary summary, AxisSubject subject, string folder)
    {
        var columns = SettingPaths.Ordered(subject.Readings.Select(reading => reading.Settings[X])).ToList();
        var rows = SettingPaths.Ordered(subject.Readings.Select(reading => reading.Settings[Y])).ToList();
        var groups = subject.Readings.GroupBy(reading => reading.Rest(IsAxis)).ToList();
        var names = Names([.. groups.Select(group => group.First())], IsAxis);
        var panels = groups.Select((group, i) =>
        {
            var cells = group.ToLookup(reading => (reading.Settings[Y], reading.Settings[X]));
            return new HeatMapPanel(names[i].Length == 0
                ? subject.Test
                : $"{subject.Test}, {names[i]}",
                [.. rows.Select(row => (IReadOnlyList<HeatCell>)[.. columns.Select(column => Cell([.. cells[(row, column)]]))])]);
        }).ToList();
        var format = ValueFormat.Percent;
        using var drawing = HeatMap.Draw(panels, SettingPaths.Label(X), columns, SettingPaths.Label(Y), rows,
            $"{subject.Metric}, {subject.Estimator}", format);
        yield return Save(summary, drawing, folder,
            $"heat-map-{X}-{Y}-{subject.Test}-{subject.Metric}{OfEstimator}{OfAlong}",
            $"{subject.Test}: {subject.Metric} ({subject.Estimator}) over {SettingPaths.Label(X)} and {SettingPaths.Label(Y)}",
            $"{subject.Test}: {subject.Metric} ({subject.Estimator}) over {SettingPaths.Label(X)} and {SettingPaths.Label(Y)}, mean " +
            $"over seeds. Cells without a number are hatched and say why; " +
            "\"2 of 3\" counts the seeds that have one: the mean is over these only.") with
        { FollowsPage = false }; // its colours encode numbers
    }

    private static HeatCell Cell(IReadOnlyList<AxisReading> seeds)
    {
        var values = seeds.Select(seed => seed.Value).OfType<double>().ToList();
        if (values.Count > 0)
            return new HeatCell(Sample.Summarise(values).Mean, values.Count < seeds.Count ? $"{values.Count} of {seeds.Count}" : "");
        var endings = seeds.Select(seed => seed.Ending == "done" ? ValueFormat.Missing : seed.Ending).Distinct().ToList();
        return new HeatCell(null, endings.Count == 0 ? "not planned" : string.Join("\n", endings));
    }
}
