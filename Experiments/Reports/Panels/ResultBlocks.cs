using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>Makes tables of the page from tables of results.</summary>
/// <param name="emphasis">Subject and baseline of the suite.</param>
public sealed class ResultBlocks(Emphasis emphasis)
{
    private sealed record Source(ResultTable Table, int Column, bool IsMain)
    {
        public ResultColumn Heading => Table.Columns[Column];
    }

    /// <summary>
    /// Returns the table of an answer: of each test the columns that verdicts rest on with their forests, then the other columns given.
    /// </summary>
    /// <param name="tables">With the same rows.</param>
    /// <param name="isShown">Which of the columns that are only described stand in it too.</param>
    public ResultBlock Main(string name, IReadOnlyList<ResultTable> tables, Func<ResultTable, int, bool> isShown)
    {
        var primary = tables.SelectMany(table => Verdicts(table).Select(column => new Source(table, column, true))).ToList();
        var described = tables.SelectMany(table => Enumerable.Range(0, table.Columns.Count)
            .Where(column => !Verdicts(table).Contains(column) && isShown(table, column)).Select(column => new Source(table, column,
                false)));
        return Build(name, tables, [.. primary, .. described]);
    }

    /// <summary>Returns every figure of one table, without forests.</summary>
    public ResultBlock Measures(string name, ResultTable table) =>
        Build(name, [table], [.. Enumerable.Range(0, table.Columns.Count).Select(column => new Source(table, column, false))]);

    /// <summary>Returns every column of one table in its order, with forests where verdicts rest on a column.</summary>
    public ResultBlock Beside(string name, ResultTable table) => Build(name, [table],
        [.. table.Columns.Select((column, place) => new Source(table, place, column.IsPrimary))]);

    /// <summary>Returns the columns that verdicts rest on; the headline where the table declares none.</summary>
    private static IReadOnlyList<int> Verdicts(ResultTable table) =>
        table.Primary.Count > 0 ? table.Primary : table.Headline is { } headline ? [headline] : [];

    private ResultBlock Build(string name, IReadOnlyList<ResultTable> tables, IReadOnlyList<Source> columns)
    {
        var rows = tables[0].Rows;
        var baseline = rows.FirstOrDefault(row => row.Loss == tables[0].Baseline)?.Name ?? tables[0].Baseline;
        var filled = columns.Where(source => source.Table.Rows.Any(row => row.Cells[source.Column].Known is not null
            || row.Cells[source.Column].Published is not null)).ToList();
        var common = Common(filled);
        var cells = filled.Select(source => Columns(source, ScaleOf(filled, source), common)).ToList();
        var order = Order(rows, filled);
        var lines = order.Select(i => new ResultLine(rows[i].Loss, rows[i].Name, [.. cells.SelectMany(column => column.Values[i])],
            [.. tables.SelectMany(table => table.Rows[i].Cells).SelectMany(cell => cell.Trials).DistinctBy(trial => trial.Id)
                .OrderBy(trial => trial.Seed)])
        {
            IsSubject = rows[i].Loss == emphasis.Subject,
            IsBaseline = rows[i].Loss == tables[0].Baseline,
        }).ToList();
        var empty = columns.Except(filled).Select(source => Place(tables, source)).ToList();
        return new ResultBlock(name, baseline, [.. cells.SelectMany(column => column.Heads)], lines, Note(filled, common, empty))
        {
            Correction = filled.Where(source => source.IsMain).SelectMany(source => source.Table.Rows.Select(row =>
                row.Cells[source.Column]))
                .Select(cell => cell.Comparison?.Family).FirstOrDefault(family => family is not null) is { } family
                ? $"{family.Method} over {family.Losses} {(family.Losses == 1 ? "loss" : "losses")}" : "",
        };
    }

    /// <summary>Forests of one unit and direction share an axis.</summary>
    private static ForestScale? ScaleOf(IReadOnlyList<Source> columns, Source source) => !source.IsMain ? null : new ForestScale(
        columns.Where(other => other.IsMain && other.Heading.Format.Scale == source.Heading.Format.Scale)
            .SelectMany(other => other.Table.Rows.Select(row => row.Cells[other.Column].Comparison))
            .OfType<Harness.Statistics.LossComparison>(),
        source.Heading.Format.Scale);

    private static (IReadOnlyList<ResultHead> Heads, IReadOnlyList<IReadOnlyList<ResultValue>> Values) Columns(Source source,
        ForestScale? scale,
        int common)
    {
        var (table, heading) = (source.Table, source.Heading);
        var format = heading.Format;
        var writer = new ResultValues(format, scale, common);
        var head = new ResultHead(heading.Test, format.Label(heading.Name), heading.Estimator, scale?.Axis)
        {
            HigherIsBetter = heading.HigherIsBetter,
        };
        List<ResultHead> heads = table.HasPublished(source.Column)
            ? [head, new ResultHead(heading.Test, format.Label("published"), "", null) { IsQuoted = true }] : [head];
        return (heads, [.. table.Rows.Select((row, i) => (IReadOnlyList<ResultValue>)
        [
            writer.Of(row.Cells[source.Column], row.Loss == table.Baseline) with { IsBest = table.Ranks[i, source.Column] == Rank.Best },
            .. heads.Count == 1 ? [] : new[] { writer.Published(row.Cells[source.Column]) },
        ])]);
    }

    /// <summary>The best of the first column first; what has no number, last.</summary>
    private static List<int> Order(IReadOnlyList<ResultRow> rows, IReadOnlyList<Source> columns)
    {
        if (columns.Count == 0) return [.. Enumerable.Range(0, rows.Count)];
        var first = columns[0];
        var sign = first.Heading.HigherIsBetter ? -1 : 1;
        return [.. Enumerable.Range(0, rows.Count).OrderBy(i => first.Table.Rows[i].Cells[first.Column].Known is null)
            .ThenBy(i => rows[i].Loss == Labels.Untrained).ThenBy(i => sign * first.Table.Rows[i].Cells[first.Column].Known)];
    }

    private static int Common(IReadOnlyList<Source> columns) => columns
        .SelectMany(source => source.Table.Rows.Where(row => row.Loss != Labels.Untrained).Select(row => row.Cells[source.Column]))
        .Where(cell => cell.Known is not null).CountBy(cell => cell.N).OrderByDescending(n => n.Value).ThenByDescending(n => n.Key)
        .Select(n => n.Key).FirstOrDefault();

    private static string Place(IReadOnlyList<ResultTable> tables, Source source) =>
        tables.Count == 1 ? $"{source.Heading.Name} ({source.Heading.Estimator})" : $"{source.Heading.Test} {source.Heading.Name}";

    private static string Note(IReadOnlyList<Source> columns, int common, IReadOnlyList<string> empty)
    {
        if (columns.Count == 0) return "No figure yet.";
        var seeds = common switch { 0 => "", 1 => "; n = 1 seed", _ => $"; n = {common} seeds" };
        var left = empty.Count == 0 ? "" : $" Without a number, so left out: {string.Join(", ", empty)}.";
        var direction = columns.Any(source => source.IsMain)
            ? $"; {(columns[0].Heading.HigherIsBetter ? "right" : "left")} of 0 is better" : "";
        var best = columns.Any(source => Enumerable.Range(0, source.Table.Rows.Count).Any(row => source.Table.Ranks[row,
            source.Column] == Rank.Best))
            ? " Bold: no other loss is better." : "";
        return $"Sorted by the first column{direction}{seeds} where nothing else is said.{best}{left}";
    }
}
