using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Commands;

/// <summary>The end of a run: how many trials are done, and the headline figure of each loss in the suite's order.</summary>
internal static class RunResults
{
    private const int FewestSeeds = 3; // for an interval that says something
    private const int MostTables = 4;

    /// <summary>Returns the lines; numbers are those of the report, which has the verdicts.</summary>
    /// <param name="took">Of the run.</param>
    public static IEnumerable<string> Lines(Summary summary, TimeSpan took, TerminalLook look)
    {
        var done = summary.Distinct.Count(trial => trial.Result?.Status == TrialStatus.Done);
        var others = summary.Distinct.Select(trial => trial.Result?.Status).Where(status => status is not (null or TrialStatus.Done))
            .CountBy(status => StatusText.Words($"{status}")).Select(one => $", {one.Value} {one.Key}");
        List<string> lines = ["", $"{summary.Suite.Name}: {done} of {summary.Distinct.Count} done{string.Concat(others)} in " +
            Digits.Time(took.TotalSeconds)];
        if (!look.IsTerminal) lines.RemoveAt(0);
        var tables = (summary.Specified.Count > 0 ? summary.Specified : summary.Tables)
            .Where(table => table.Headline is { } at && table.Rows.Any(row => row.Cells[at].Known is not null)).ToList();
        foreach (var table in tables.Take(MostTables)) lines.AddRange(Table(table, table.Headline!.Value, look));
        if (tables.Count > MostTables) lines.Add($"and {tables.Count - MostTables} more tables in the report");
        if (tables.Count > 0 && Seeds(tables[0]) is { Count: < FewestSeeds } few)
            lines.Add($"{(few.Count == 1 ? "One seed" : "Two seeds")}: too few for an interval. Add more with --seeds 1 2 3 4 5.");
        lines.AddRange(AnswerWarnings.Collapsed(summary));
        return lines.SelectMany(line => Fit.Wrap(line, look.Width, 4));
    }

    private static IEnumerable<string> Table(ResultTable table, int at, TerminalLook look)
    {
        var (column, seeds) = (table.Columns[at], Seeds(table));
        var rows = table.Rows.Where(row => row.Cells[at].Known is not null).ToList();
        var baseline = rows.FirstOrDefault(row => row.Loss == table.Baseline)?.Cells[at].Known;
        string[] parts = [table.ConditionLabel, column.Test, column.Name, column.Estimator];
        var title = string.Join(", ", parts.Where(part => part.Length > 0));
        List<FittedColumn> columns = [new("", [.. rows.Select(row => row.Name)]) { IsName = true }];
        if (seeds.Count < FewestSeeds)
        {
            columns.AddRange(seeds.Select(seed => new FittedColumn($"seed {seed}",
                [.. rows.Select(row => row.Seeds(at).TryGetValue(seed, out var value) ? Text(value) : "n/a")], 1)
            { IsRight = true }));
        }

        columns.Add(new("mean", [.. rows.Select(row => Mean(row.Cells[at], seeds.Count))]) { IsRight = true });
        columns.Add(new($"from {table.Baseline}", [.. rows.Select(row => row.Loss == table.Baseline ? "baseline"
            : column.Format.Signed(row.Cells[at].Comparison?.Difference ?? row.Cells[at].Known - baseline))], 2)
        { IsRight = true });
        if (!look.IsTerminal)
            return [title, .. Tabs(columns)];
        return ["", .. Fit.Wrap(title, look.Width),
            .. FittedTable.Lines(columns, look.Width - 3, look.HasSymbols).Select(line => $"   {line}")];

        string Text(double value) => column.Format.Text(value);

        string Mean(ResultCell cell, int count) => count >= FewestSeeds && cell.HalfWidth is { } half
            ? $"{Text(cell.Known!.Value)} ± {Text(half)}" : Text(cell.Known!.Value);
    }

    private static IEnumerable<string> Tabs(IReadOnlyList<FittedColumn> columns) =>
        Enumerable.Range(0, columns[0].Cells.Count).Select(row => string.Join('\t', columns.Select(column => column.Cells[row])))
            .Prepend(string.Join('\t', columns.Select(column => column.Head)));

    private static List<int> Seeds(ResultTable table) => table.Headline is { } at
        ? [.. table.Rows.SelectMany(row => row.Seeds(at).Keys).Distinct().Order()] : [];
}
