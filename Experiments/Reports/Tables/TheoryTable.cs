using Ablation.Harness.Statistics;
using Ablation.Harness.Theory;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Builds the table of the theory's figures, one row per loss. None is better or worse, so none is marked.</summary>
internal static class TheoryTable
{
    private static readonly ValueFormat Distance = ValueFormat.Number(3), Share = new(100, 1, "%"), Gap = ValueFormat.Number(4);

    private sealed record Column(string Name, string Detail, ValueFormat Format, Func<TheoryRow, IEnumerable<double?>> Values);

    private static readonly Column[] Before =
    [
        Build("d(w_i, w_j)", "smallest", Distance, theory => theory.Proxies.Squared.Min),
        Build("d(w_i, w_j)", "median", Distance, theory => theory.Proxies.Squared.P50),
        Build("d of class means", "smallest", Distance, theory => theory.ClassMeans.Squared.Min),
        Build("A1", "mean cosine", Distance, theory => theory.ProxyMeanCosine.Mean),
        Build("A2", "variation of the norm", Share, theory => theory.MeanNorm.Variation),
        Build("Property 1", "nearest to their own", Share, theory => theory.NearestIsOwn),
        Build("Property 2", "bound", Distance, theory => theory.Separability.Bound),
    ];

    private static readonly Column[] After =
    [
        Build("own bounds", "that hold", Share, theory => theory.Separability.HoldingIdentities),
        Build("Proposition 1", "class means", Share, theory => theory.Mining.ClassMean),
        Build("Proposition 1", "images", Share, theory => theory.Mining.Sample),
        Build("norm", "rank correlation with resolution", Distance, theory => theory.Norms?.RankCorrelation),
        new("gap", "last log point", Gap, row => row.LastLogPoints.Select(point => point.Gap?.Mean)),
        new("gap", "at most", Gap, row => row.LastLogPoints.Select(point => point.Gap?.Bound)),
    ];

    /// <param name="isCompact">One line per cell, without deviation and n.</param>
    public static TextTable Build(string caption, IReadOnlyList<TheoryRow> rows, bool isCompact = false) => new(caption,
        [new TextHeader("loss"), .. Before.Select(Header), new TextHeader("Property 2", "seeds"), .. After.Select(Header)],
        [.. rows.Select(row =>
            (IReadOnlyList<TextCell>)[new TextCell(row.Loss), .. Before.Select(column => Cell(column, row, isCompact)), Verdicts(row),
                .. After.Select(column => Cell(column, row, isCompact))])])
    { Losses = [.. rows.Select(row => row.Loss)] };

    private static Column Build(string name, string detail, ValueFormat format, Func<TheoryFigures, double?> value) =>
        new(name, detail, format, row => row.Figures.Select(value));

    private static TextHeader Header(Column column) => new(column.Format.Label(column.Name), column.Detail, IsNumber: true);

    private static TextCell Cell(Column column, TheoryRow row, bool isCompact)
    {
        double[] values = [.. column.Values(row).OfType<double>()];
        if (values.Length == 0) return new TextCell(ValueFormat.Missing);
        var sample = Sample.Summarise(values);
        return new TextCell(column.Format.Text(sample.Mean), Details: isCompact
            ? null : [$"sd {column.Format.Text(sample.Deviation)}, n = {sample.N}"])
        { Value = sample.Mean };
    }

    /// <summary>Counts verdicts: "holds 2, void 1".</summary>
    private static TextCell Verdicts(TheoryRow row)
    {
        var verdicts = row.Figures.Select(theory => theory.Separability.Verdict).ToList();
        return new TextCell(verdicts.Count == 0 ? ValueFormat.Missing : string.Join(", ", Enum.GetValues<BoundVerdict>()
            .Select(verdict => (Name: Word(verdict), Count: verdicts.Count(one => one == verdict))).Where(one => one.Count > 0)
            .Select(one => $"{one.Name} {one.Count}")));
    }

    private static string Word(BoundVerdict verdict) => verdict switch
    {
        BoundVerdict.Void => "void",
        BoundVerdict.Holds => "holds",
        BoundVerdict.Broken => "broken",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "no word for this verdict"),
    };
}
