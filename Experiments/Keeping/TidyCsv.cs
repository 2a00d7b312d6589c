using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using CsvHelper;

namespace Ablation.Experiments.Keeping;

/// <summary>
/// Writes trials as one tidy table: a line per figure of a trial, with everything that the trial was made with. A trial without figures has
/// one line, so that one that diverged or failed is not lost. Numbers read back bit for bit; "n/a" is a missing one.
/// </summary>
public static class TidyCsv
{
    private static readonly string[] Fixed =
    [
        "suite", "id", "loss", "network", "px", "seed", "state", "test", "metric", "estimator", "value", "n", "higher_is_better", "seconds",
        "commit", "tags",
    ];

    /// <summary>Returns the file's text: the columns that every trial has, then a column per setting that any has.</summary>
    /// <param name="note">Is given what could not be read; the rest is written.</param>
    /// <param name="figures">Only figures that one of these patterns fits, by name or as "accuracy (10-fold, grid)"; none for all.</param>
    /// <param name="varied">Only settings that are not the same in all trials.</param>
    public static string Write(IReadOnlyList<KeptTrial> trials, Action<string> note, IReadOnlyList<string>? figures = null,
        bool varied = false)
    {
        List<string> paths = [.. trials.SelectMany(trial => trial.Settings.Keys).Distinct().Where(path => !varied
            || trials.Select(trial => trial.Settings.GetValueOrDefault(path)).Distinct().Count() > 1).Order(StringComparer.Ordinal)];
        bool IsChosen(Metric figure) => figures is not { Count: > 0 } || figures.Any(pattern =>
            NamePattern.Matches(pattern, figure.Name, ignoreCase: true)
            || NamePattern.Matches(pattern, $"{figure.Name} ({figure.Estimator})", ignoreCase: true));
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader([.. Fixed, .. paths]);
            foreach (var trial in trials)
                foreach (var figure in trial.Figures(note).Where(IsChosen).DefaultIfEmpty<Metric?>(null))
                    csv.WriteRecord([.. Cells(trial, figure, paths)]);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Cells(KeptTrial trial, Metric? figure, IReadOnlyList<string> paths) =>
    [
        trial.Suite.Name, trial.Id, trial.Loss, trial.Network, $"{trial.Pixels}", $"{trial.Seed}", trial.State,
        figure?.Test ?? ValueFormat.Missing, figure?.Name ?? ValueFormat.Missing, figure?.Estimator ?? ValueFormat.Missing,
        Raw(figure?.Value), figure?.N.ToString() ?? ValueFormat.Missing,
        figure is null ? ValueFormat.Missing : figure.HigherIsBetter ? "true" : "false", Raw(TrialRows.Seconds(trial)),
        trial.Result?.Provenance.Commit ?? ValueFormat.Missing, string.Join(' ', trial.Tags),
        .. paths.Select(path => trial.Settings.GetValueOrDefault(path, ValueFormat.Missing)),
    ];

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}
