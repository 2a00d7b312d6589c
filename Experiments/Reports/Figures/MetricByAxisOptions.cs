using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>
/// A metric over a numeric setting of the suite: one line per loss with an interval at each value, one figure per combination of the other
/// settings.
/// </summary>
[Description("a metric over a numeric setting: one line per loss, mean over seeds with interval")]
public sealed record MetricByAxisOptions : AxisFigure
{
    [Description("logarithmic axis; values must be above 0")]
    public bool Logarithmic { get; init; }

    private protected override IEnumerable<Block> Draw(Summary summary, AxisSubject subject, string folder)
    {
        var numbers = subject.Readings.Where(HasPlace).ToList();
        var left = SettingPaths.Ordered(subject.Readings.Where(reading => !HasPlace(reading)).Select(reading => reading.Settings[X]))
            .ToList();
        var conditions = numbers.GroupBy(reading => reading.Rest(path => IsAxis(path) || IsLoss(path))).ToList();
        var names = Names([.. conditions.Select(group => group.First())], path => IsAxis(path) || IsLoss(path));
        if (!conditions.Any(HasLine))
            yield return new Note(
                $"figure MetricByAxis: {subject.Test} has no two values of {X} in trials that otherwise agree, so there is no line; " +
                $"list settings that change together with it in along");
        for (var i = 0; i < conditions.Count; i++)
        {
            if (!HasLine(conditions[i])) continue;
            var readings = conditions[i].ToList();
            var series = Lines(readings, summary.Rows);
            var place = names[i].Length == 0 ? subject.Test : $"{subject.Test}, {names[i]}";
            var title = $"{place}: {subject.Metric} ({subject.Estimator}) over {SettingPaths.Label(X)}";
            using var drawing = MetricByAxis.Draw(title, SettingPaths.Label(X), Logarithmic, $"{subject.Metric}, {subject.Estimator}",
                series, summary.Rows, ValueFormat.Percent);
            yield return Save(summary, drawing, folder,
                $"by-{X}-{(Logarithmic ? "log-" : "")}{subject.Test}-{subject.Metric}{OfEstimator}-{names[i]}{OfAlong}", title,
                $"{subject.Test}: {subject.Metric} ({subject.Estimator}) over {SettingPaths.Label(X)}, mean over seeds with its 95 % t " +
                $"interval.{(left.Count == 0 ? "" : $" Not on this axis: {string.Join(", ", left)}.")}");
        }
    }

    /// <summary>
    /// Returns one line per loss. If the axis is an option of the losses, returns one line for all losses of a kind that differ only in it,
    /// in the colour of the first.
    /// </summary>
    private List<Series> Lines(List<AxisReading> readings, IReadOnlyList<string> order)
    {
        var groups = (IsLoss(X)
            ? readings.GroupBy(reading => reading.Rest(path => IsAxis(path) || !IsLoss(path)))
            : readings.GroupBy(reading => reading.Trial.Plan.Label)).ToList();
        var names = Names([.. groups.Select(group => group.First())], path => IsAxis(path) || !IsLoss(path));
        return [.. groups.Select((group, i) =>
        {
            var points = group.GroupBy(reading => At(reading)!.Value).OrderBy(point => point.Key).ToList();
            var samples = points.ConvertAll(point => point.Select(reading => reading.Value).OfType<double>()
                .ToList() is { Count: > 0 } values ? Sample.Summarise(values) : null);
            var first = group.First().Trial.Plan;
            var name = !IsLoss(X) ? first.Label : names[i].Length > 0 ? names[i] : Catalog.NameOf(first.Spec.Loss);
            return new Series(name, [.. points.Select(point => point.Key)], [.. samples.Select(sample => sample?.Mean ?? double.NaN)],
                [.. samples.Select(sample => sample?.Mean - sample?.HalfWidth ?? double.NaN)],
                    [.. samples.Select(sample => sample?.Mean + sample?.HalfWidth ?? double.NaN)]) { StyledAs = first.Label };
        }).OrderBy(series => order.ToList().IndexOf(series.StyledAs))];
    }

    private bool HasLine(IEnumerable<AxisReading> readings) => readings.Select(At).Distinct().Take(2).Count() == 2;

    private bool HasPlace(AxisReading reading) => At(reading) is { } x && (x > 0 || !Logarithmic);

    private double? At(AxisReading reading) => SettingPaths.Number(reading.Settings[X]);

    private static bool IsLoss(string path) => path.StartsWith("losses.", StringComparison.Ordinal);
}
