using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Evaluating;

/// <summary>Formats metrics as a table for the terminal and as CSV.</summary>
public static class MetricLines
{
    private static readonly string[] Headers = ["metric", "estimator", "#value %", "#± over folds", "#95 % interval", "#n"];

    /// <summary>Returns one line per metric, followed by how the intervals were computed.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<Metric> metrics)
    {
        var percent = ValueFormat.Percent;
        var rows = metrics.Select(metric => (IReadOnlyList<string>)
        [
            metric.Name, metric.Estimator, percent.Text(metric.Value), metric.FoldDeviation is null
                ? "" : percent.Text(metric.FoldDeviation),
            metric.Interval is { } interval ? $"{percent.Text(interval.Low)} .. {percent.Text(interval.High)}" : "", metric.N.ToString(),
        ]).ToList();
        foreach (var line in TextColumns.Lines(Headers, rows, "  ")) yield return line;
        foreach (var kind in metrics.Select(metric => metric.Interval?.Kind).OfType<string>().Distinct())
            yield return $"  interval: {kind}";
    }

    /// <summary>Whether the scores are a cell of a resolution matrix.</summary>
    public static bool IsCell(TestScores scores) => LowResolutionTest.CellOf(scores) is not null;

    /// <summary>Returns one matrix of gallery by probe resolution per figure; empty if the scores have no resolutions.</summary>
    public static IEnumerable<string> Matrices(IReadOnlyList<TestScores> parts)
    {
        var cells = parts.Where(IsCell).ToList();
        if (cells.Count == 0) yield break;
        foreach (var (name, estimator) in cells[0].Metrics().Select(metric => (metric.Name, metric.Estimator)))
        {
            var rows = ResolutionMatrix.Build(parts, cell => cell.Metrics()
                .FirstOrDefault(metric => (metric.Name, metric.Estimator) == (name, estimator)), ValueFormat.Percent.Text);
            yield return "";
            yield return $"{LowResolutionTest.CellOf(cells[0])!.Value.Test}: {name} ({estimator}), %";
            foreach (var line in TextColumns.Lines([rows[0][0], .. rows[0].Skip(1).Select(header => "#" + header)], [.. rows.Skip(1)],
                "  ")) yield return line;
        }

        yield return "";
        yield return "  every estimator and interval of each cell: --csv FILE";
    }

    /// <summary>test, metric, estimator, value, fold_deviation, low, high, interval, n; shares with all digits, empty for n/a.</summary>
    public static string Csv(IEnumerable<Metric> metrics)
    {
        using var text = new StringWriter();
        using (var csv = CsvHelper.CsvWriter.Create(text, new CsvHelper.CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(["test", "metric", "estimator", "value", "fold_deviation", "low", "high", "interval", "n"]);
            foreach (var metric in metrics)
            {
                csv.WriteRecord([metric.Test, metric.Name, metric.Estimator, Number(metric.Value), Number(metric.FoldDeviation),
                    Number(metric.Interval?.Low),
                    Number(metric.Interval?.High), metric.Interval?.Kind ?? "", metric.N.ToString()]);
            }
        }

        return text.ToString();
    }

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : "";
}
