using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A metric of a table: its name, its estimator ("10-fold, grid"), which end is better, and how it is printed.</summary>
public sealed record ResultColumn(string Name, string Estimator, bool HigherIsBetter, ValueFormat Format);

/// <summary>One figure with all that a claim needs. Raw numbers; null is missing.</summary>
/// <param name="Mean">Over the seeds; null or NaN is printed n/a.</param>
/// <param name="HalfWidth">Half of the 95 % t interval.</param>
/// <param name="Deviation">Sample deviation.</param>
/// <param name="N">Seeds.</param>
/// <param name="Delta">Mean paired difference from the baseline; null for the baseline itself.</param>
/// <param name="HolmP">Of that difference, corrected over the table.</param>
/// <param name="Verdict">What may be said of the difference; null for the baseline itself.</param>
public sealed record ResultCell(
    double? Mean, double? HalfWidth, double? Deviation, int N, double? Delta = null, double? HolmP = null, Verdict? Verdict = null)
{
    /// <summary>The values behind it by seed; null where the figure is not one over seeds.</summary>
    public IReadOnlyDictionary<int, double>? Seeds { get; init; }

    /// <summary>The test within one seed that the verdict rests on; null where it rests on seeds.</summary>
    public string? OneSeedTest { get; init; }

    /// <summary>The verdict as it is printed; null for the baseline itself.</summary>
    public string? VerdictText => Verdict is { } verdict ? Judgement.Text(verdict, OneSeedTest) : null;

    /// <summary>What the literature says; null where it does not.</summary>
    public PublishedFigure? Published { get; init; }

    /// <summary>Ours less the published figure, raw.</summary>
    public double? PublishedDifference => Published is { } published && Known is { } mean ? mean - published.Raw : null;

    /// <summary>Nothing is known.</summary>
    public static ResultCell Missing { get; } = new(null, null, null, 0);

    /// <summary>A cell of the seeds' values; no values give <see cref="Missing"/>.</summary>
    public static ResultCell FromValues(IReadOnlyList<double> seeds, Judgement? againstBaseline = null)
    {
        if (seeds.Count == 0) return Missing;
        var sample = Sample.Summarise(seeds);
        return new ResultCell(sample.Mean, sample.HalfWidth, sample.Deviation, sample.N,
            againstBaseline?.Comparison.MeanDifference, againstBaseline?.HolmP, againstBaseline?.Verdict)
        { OneSeedTest = againstBaseline?.OneSeed?.Test };
    }

    /// <summary>A cell of the values by seed.</summary>
    public static ResultCell FromValues(IReadOnlyDictionary<int, double> seeds, Judgement? againstBaseline = null) =>
        FromValues([.. seeds.OrderBy(seed => seed.Key).Select(seed => seed.Value)], againstBaseline) with { Seeds = seeds };

    /// <summary>The mean where there is one.</summary>
    public double? Known => Mean is { } mean && double.IsFinite(mean) ? mean : null;
}

/// <summary>A row of a table, as a rule one loss.</summary>
public sealed record ResultRow(string Name, IReadOnlyList<ResultCell> Cells)
{
    private static readonly Dictionary<int, double> None = [];

    /// <summary>The values of a cell by seed; empty where there are none.</summary>
    public IReadOnlyDictionary<int, double> Seeds(int column) => Cells[column].Seeds ?? None;
}

/// <summary>Rows x columns of results.</summary>
public sealed record ResultTable
{
    /// <param name="caption">What the table shows, and on what.</param>
    /// <param name="rowHeader">What a row is: "loss".</param>
    /// <exception cref="ArgumentException">A row has another number of cells than there are columns.</exception>
    public ResultTable(string caption, string rowHeader, IReadOnlyList<ResultColumn> columns, IReadOnlyList<ResultRow> rows)
    {
        if (rows.FirstOrDefault(row => row.Cells.Count != columns.Count) is { } wrong)
        {
            throw new ArgumentException(
                $"row \"{wrong.Name}\" has {wrong.Cells.Count} cells for {columns.Count} columns; give ResultCell.Missing where nothing " +
                $"is known");
        }

        (Caption, RowHeader, Columns, Rows) = (caption, rowHeader, columns, rows);
    }

    public string Caption { get; }
    public string RowHeader { get; }
    public IReadOnlyList<ResultColumn> Columns { get; }
    public IReadOnlyList<ResultRow> Rows { get; }

    /// <summary>Whether the literature says anything of a column.</summary>
    public bool HasPublished(int column) => Rows.Any(row => row.Cells[column].Published is not null);
}
