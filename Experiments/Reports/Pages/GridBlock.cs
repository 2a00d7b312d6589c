using System.Text;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// One figure of the trials of a CSV of <c>trials --csv</c>: mean, deviation and number of seeds, by two groups of its columns. Rows and
/// columns name columns of the file, several joined by "+". A figure that occurs by two estimators is refused.
/// </summary>
public sealed class GridBlock : IPageBlock
{
    public string Name => "grid";

    public string Arguments => "FILE FIGURE ROWS COLUMNS";

    private sealed record Trial(string Row, string Column, string Seed, double? Value);

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var (file, figure, rows, columns) = (arguments[0], arguments[1], arguments[2].Split('+'), arguments[3].Split('+'));
        var trials = Read(Path.Combine(folder, file), file, figure, rows, columns);
        List<string> across = [.. trials.Select(trial => trial.Column).Distinct().Order(ByNumbers)];
        var text = new StringBuilder("\n");
        text.Append($"| {Names(rows)} \\ {Names(columns)} | {string.Join(" | ", across)} |\n");
        text.Append($"| --- |{string.Concat(across.Select(_ => " ---: |"))}\n");
        foreach (var line in trials.GroupBy(trial => trial.Row).OrderBy(line => line.Key, ByNumbers))
        {
            var cells = across.Select(one => Cell([.. line.Where(trial => trial.Column == one)]));
            text.Append($"| {line.Key} | {string.Join(" | ", cells)} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static List<Trial> Read(string path, string file, string figure, string[] rows, string[] columns)
    {
        List<IReadOnlyDictionary<string, string>> lines = [.. MeasuredTrials.Read(path, file, [.. rows, .. columns])
            .Where(line => line["metric"] == figure)];
        List<Trial> trials = [.. lines.Select(line => new Trial(Key(line, rows), Key(line, columns), line["seed"],
            MeasuredTrials.Value(line)))];
        var estimators = lines.Select(line => $"{line["test"]}: {line["estimator"]}").Distinct();
        if (trials.Count == 0) throw new InvalidDataException($"{file} has no figure {figure}");
        if (trials.GroupBy(trial => (trial.Row, trial.Column, trial.Seed)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"{file}: {figure} of {twice.Key.Row}, {twice.Key.Column}, seed {twice.Key.Seed} occurs " +
                $"{twice.Count()} times, by {string.Join("; ", estimators)}: name more columns, or keep one estimator");
        return trials;

        static string Key(IReadOnlyDictionary<string, string> line, string[] names) => string.Join(", ", names.Select(name => line[name]));
    }

    /// <summary>"0.724 ± 0.015 (3)": mean, deviation over seeds, seeds.</summary>
    private static string Cell(IReadOnlyList<Trial> trials)
    {
        List<double> values = [.. trials.Select(trial => trial.Value).OfType<double>()];
        if (values.Count == 0) return "n/a";
        var sample = Sample.Summarise([.. values]);
        var decimals = Math.Abs(sample.Mean) >= 10 ? "0" : "0.000";
        return values.Count == 1 ? $"{sample.Mean.ToString(decimals)} (1)"
            : $"{sample.Mean.ToString(decimals)} ± {sample.Deviation?.ToString(decimals)} ({values.Count})";
    }

    /// <summary>"decay.proxies" of "trainings.decay.proxies".</summary>
    private static string Names(IEnumerable<string> columns) =>
        string.Join(", ", columns.Select(column => column[(column.IndexOf('.', StringComparison.Ordinal) + 1)..]));

    /// <summary>Part by part: 3, then 10, then text and what is missing.</summary>
    private static readonly Comparer<string> ByNumbers = Comparer<string>.Create((left, right) =>
    {
        var parts = left.Split(", ").Zip(right.Split(", "), (one, other) => Number(one).CompareTo(Number(other)) is not 0 and var by
            ? by : string.CompareOrdinal(one, other));
        return parts.FirstOrDefault(by => by != 0);
    });

    private static double Number(string text) => double.TryParse(text, out var value) ? value : double.MaxValue;
}
