using Ablation.Experiments.Store;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Ties numbers to the trials behind them, and trials to their files.</summary>
internal static class LinkedTable
{
    /// <summary>A table of a suite as text, in which every number leads to its trials.</summary>
    public static TextTable Build(Summary summary, SummaryTable table)
    {
        var text = TextTable.Build(table.Table);
        var rows = table.Table.Rows.Select((row, i) =>
        {
            var trials = summary.TrialsOf(table.Condition, row.Name).Where(trial => trial.Result is not null).ToList();
            return (IReadOnlyList<TextCell>)[text.Rows[i][0],
                .. table.Table.Columns.Select((column, j) => text.Rows[i][j + 1] with { Trials = Behind(trials, table.Test, column) })];
        });
        return text with { Rows = [.. rows], Losses = [.. table.Table.Rows.Select(row => row.Name)] };
    }

    /// <summary>A table that the suite asks for: each number leads to the trials of its own row and column.</summary>
    public static TextTable Build(Summary summary, SpecifiedTable table)
    {
        var text = TextTable.Build(table.Table);
        var commits = summary.Trials.Where(trial => trial.Result is not null).DistinctBy(trial => trial.Id)
            .ToDictionary(trial => trial.Id, trial => new TrialLink(trial.Plan.Spec.Seed, trial.Id, trial.Result!.Provenance.Commit));
        var rows = text.Rows.Select((row, i) =>
        {
            var cells = row.ToList();
            for (var (j, at) = (0, 1); j < table.Table.Columns.Count; at += table.Table.HasPublished(j++) ? 2 : 1)
            {
                var seeds = table.Table.Rows[i].Cells[j].Seeds;
                cells[at] = cells[at] with
                {
                    Trials = [.. table.TrialIds[i][j].Select(id => commits[id])
                    .Where(trial => seeds?.ContainsKey(trial.Seed) == true)]
                };
            }

            return (IReadOnlyList<TextCell>)cells;
        });
        return text with { Rows = [.. rows], Losses = [.. table.Rows.Select(row => row.Loss)] };
    }

    /// <summary>The files of a finished or failed trial that are there, as links from a page in the store's folder.</summary>
    public static IReadOnlyList<TextLink> Files(ResultStore store, string id)
    {
        var folder = store.TrialFolder(id);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Select(name => (Name: name, Label: LabelOf(name)))
                .Where(file => file.Label is not null).OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new TextLink(file.Label!, $"trials/{id}/{Uri.EscapeDataString(file.Name)}")),
        ];
    }

    private static List<TrialLink> Behind(List<StoredTrial> trials, string test, ResultColumn column) =>
    [
        .. trials.Where(trial =>
            trial.Metrics.Any(metric => metric.Value is not null
                && (metric.Test, metric.Name, metric.Estimator) == (test, column.Name, column.Estimator)))
            .Select(trial => new TrialLink(trial.Plan.Spec.Seed, trial.Id, trial.Result!.Provenance.Commit)),
    ];

    private static string? LabelOf(string file) => file switch
    {
        "result.json" => "result",
        "history.csv" => "history",
        "failure.json" => "failure",
        "log.txt" => "log",
        _ when file.StartsWith("scores-", StringComparison.Ordinal) => Path.GetFileNameWithoutExtension(file)["scores-".Length..],
        _ => null,
    };
}
