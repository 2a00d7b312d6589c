using System.Reflection;

namespace Ablation.Experiments.Suites;

/// <summary>A figure from the literature.</summary>
/// <param name="Value">As published: in percent if the metric ends with %.</param>
public sealed record PublishedFigure(string Table, string Loss, string Setting, string Backbone, string TrainSet, string Benchmark,
    string Metric, double Value, string Source)
{
    /// <summary>The value in the unit of this project: a share if percent was published.</summary>
    public double Raw => Metric.EndsWith('%') ? Value / 100 : Value;
}

/// <summary>The list of published figures embedded in the program: Experiments/Suites/published.csv.</summary>
public static class PublishedFigures
{
    private static readonly Lazy<IReadOnlyList<PublishedFigure>> Read = new(Load);

    public static IReadOnlyList<PublishedFigure> All => Read.Value;

    public static IReadOnlyList<string> Tables => [.. All.Select(figure => figure.Table).Distinct()];

    /// <summary>
    /// Returns the figure of a cell; null if the list has none, or if the row or column names none. If there are several, returns the
    /// last: a source that corrects another is below it.
    /// </summary>
    public static PublishedFigure? Find(string? table, PublishedRow? row, PublishedColumn? column) =>
        table is null || row is null || column is null ? null
        : All.LastOrDefault(figure => figure.Table == table && Fits(figure, row) && Fits(figure, column));

    /// <summary>Whether the table has any figure in the row.</summary>
    public static bool Has(string table, PublishedRow row) => All.Any(figure => figure.Table == table && Fits(figure, row));

    /// <summary>Whether the table has any figure in the column.</summary>
    public static bool Has(string table, PublishedColumn column) => All.Any(figure => figure.Table == table && Fits(figure, column));

    private static bool Fits(PublishedFigure figure, PublishedRow row) =>
        figure.Loss == row.Loss && (row.Setting is null || figure.Setting == row.Setting);

    private static bool Fits(PublishedFigure figure, PublishedColumn column) =>
        figure.Benchmark == column.Benchmark && figure.Metric == column.Metric
        && (column.Backbone is null || figure.Backbone == column.Backbone);

    private static List<PublishedFigure> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames()
            .Single(name => name.EndsWith(".published.csv", StringComparison.Ordinal)))!;
        using var text = new StreamReader(stream);
        var figures = new List<PublishedFigure>();
        text.ReadLine(); // the header; no cell contains a comma
        while (text.ReadLine()?.Split(',') is { } cells)
            figures.Add(new PublishedFigure(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], double.Parse(cells[7]),
                cells[8]));
        return figures;
    }
}
