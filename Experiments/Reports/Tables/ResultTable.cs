using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A column of a table: one figure of one test.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Estimator">"10-fold, grid".</param>
public sealed record ResultColumn(string Name, string Estimator, bool HigherIsBetter, ValueFormat Format)
{
    /// <summary>The metric's name in stored scores; the heading by default.</summary>
    public string Metric { get => field ?? Name; init; }

    public string Test { get; init; } = "";

    /// <summary>The label of the condition; empty if the table names none.</summary>
    public string Condition { get; init; } = "";

    /// <summary>Whether verdicts rest on it: it was declared before the run, or is the headline of its table. Other columns are
    /// described.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>The estimator, and whether the column is primary: the second line of its heading.</summary>
    public string Detail => IsPrimary ? $"{Estimator}; primary" : Estimator;

    /// <summary>Whether a test exists for this figure: accuracy on the grid.</summary>
    public static bool IsHeadline(string metric, string estimator) =>
        metric == "accuracy" && estimator.Contains("grid", StringComparison.Ordinal);
}

/// <summary>A finished trial behind a number; its row on the same page has this <see cref="Anchor"/>.</summary>
public sealed record TrialLink(int Seed, string Id, string Commit)
{
    public string Anchor => AnchorOf(Id);

    public static string AnchorOf(string id) => $"trial-{id}";
}

/// <summary>One figure with everything that a claim needs. Numbers are raw; null is missing.</summary>
/// <param name="Mean">Over the seeds that did not collapse; null or NaN is printed n/a.</param>
/// <param name="Interval">The 95 % interval of the mean, within 0 to 100 % for a share; null for one value.</param>
/// <param name="Deviation">Sample deviation.</param>
/// <param name="N">Seeds.</param>
public sealed record ResultCell(double? Mean, Bounds? Interval, double? Deviation, int N)
{
    /// <summary>The values behind it by seed; null if the figure is not over seeds.</summary>
    public IReadOnlyDictionary<int, double>? Seeds { get; init; }

    /// <summary>Every finished trial of the row in the column's condition, by seed, even without the figure.</summary>
    public IReadOnlyList<TrialLink> Trials { get; init; } = [];

    /// <summary>The loss against the baseline; null for the baseline itself, for the untrained network, and for figures that are not over
    /// seeds.</summary>
    public LossComparison? Comparison { get; init; }

    /// <summary>Seeds that diverged or stayed at chance; the mean is over the others.</summary>
    public int Collapsed { get; init; }

    /// <summary>The published figure; null if there is none.</summary>
    public PublishedFigure? Published { get; init; }

    /// <summary>Ours less the published figure, raw.</summary>
    public double? PublishedDifference => Published is { } published && Known is { } mean ? mean - published.Raw : null;

    /// <summary>A cell without values.</summary>
    public static ResultCell Missing { get; } = new(null, null, null, 0);

    /// <summary>Returns the cell of one loss alone, whose interval borrows no scatter.</summary>
    public static ResultCell OfSeeds(LossSeeds seeds)
    {
        if (seeds.Values.Count == 0) return Missing with { Collapsed = seeds.Collapsed };
        var sample = Sample.Summarise([.. seeds.Values.OrderBy(seed => seed.Key).Select(seed => seed.Value)]);
        return new ResultCell(sample.Mean, MeanInterval.Of([seeds], isShare: false)[0], sample.Deviation, sample.N)
        { Seeds = seeds.Values, Collapsed = seeds.Collapsed };
    }

    /// <summary>The mean; null if it is missing or NaN.</summary>
    public double? Known => Mean is { } mean && double.IsFinite(mean) ? mean : null;

    /// <summary>Half of <see cref="Interval"/>, the longer half if they differ; null without one.</summary>
    public double? HalfWidth => Interval is { } interval && Known is { } mean
        ? Math.Max(interval.High - mean, mean - interval.Low) : null;
}

/// <summary>A row of a table: one loss.</summary>
public sealed record ResultRow(string Name, IReadOnlyList<ResultCell> Cells)
{
    private static readonly Dictionary<int, double> None = [];

    /// <summary>The label of the loss; the name of the row by default.</summary>
    public string Loss { get => field ?? Name; init; }

    /// <summary>Returns the values of a cell by seed; empty if there are none.</summary>
    public IReadOnlyDictionary<int, double> Seeds(int column) => Cells[column].Seeds ?? None;
}

/// <summary>
/// A raw table of losses x figures. Every table of results is one, whether the suite requests it or it is the default of a condition and
/// test; Markdown, HTML, LaTeX and CSV are written from it.
/// </summary>
public sealed record ResultTable
{
    /// <param name="caption">What the table shows and on which test.</param>
    /// <exception cref="ArgumentException">A row does not have one cell per column.</exception>
    public ResultTable(string caption, IReadOnlyList<ResultColumn> columns, IReadOnlyList<ResultRow> rows)
    {
        if (rows.FirstOrDefault(row => row.Cells.Count != columns.Count) is { } wrong)
        {
            throw new ArgumentException(
                $"row \"{wrong.Name}\" has {wrong.Cells.Count} cells for {columns.Count} columns; give ResultCell.Missing for cells " +
                $"without a value");
        }

        (Caption, Columns, Rows) = (caption, columns, rows);
        Ranks = Ranking.Marks(this);
    }

    public string Caption { get; }
    public IReadOnlyList<ResultColumn> Columns { get; }
    public IReadOnlyList<ResultRow> Rows { get; }

    /// <summary>The mark of each cell, row x column.</summary>
    public Rank[,] Ranks { get; }

    /// <summary>The title in the suite; for a default table its test.</summary>
    public string Title { get; init; } = "";

    /// <summary>The condition of all columns; null if columns name their own.</summary>
    public Condition? Condition { get; init; }

    /// <summary>The label of that condition; empty if there is none.</summary>
    public string ConditionLabel { get; init; } = "";

    /// <summary>Title and condition for use in a sentence.</summary>
    public string Place { get; init; } = "";

    /// <summary>The label of the loss that the others are compared with.</summary>
    public string Baseline { get; init; } = "";

    /// <summary>Notes on columns that match no stored score, with the known ones.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The test of the first column; in a default table, of all columns.</summary>
    public string Test => Columns[0].Test;

    /// <summary>The headline column: accuracy on the grid, else the first; null in a table without columns. It is the primary one where a
    /// suite declares none.</summary>
    public int? Headline => Columns.Count == 0 ? null
        : Math.Max(0, Columns.ToList().FindIndex(column => ResultColumn.IsHeadline(column.Metric, column.Estimator)));

    /// <summary>The columns that verdicts rest on, in order; none in a table that is only described.</summary>
    public IReadOnlyList<int> Primary => [.. Enumerable.Range(0, Columns.Count).Where(column => Columns[column].IsPrimary)];

    /// <summary>Whether a column has a published figure.</summary>
    public bool HasPublished(int column) => Rows.Any(row => row.Cells[column].Published is not null);
}
