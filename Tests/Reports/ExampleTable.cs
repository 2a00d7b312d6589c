using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

/// <summary>
/// A small table with all special cases: a missing cell, one seed, a name to escape, a lower-is-better column.
/// </summary>
internal static class ExampleTable
{
    private static readonly double[] Softmax = [0.9510, 0.9525, 0.9531], ArcFace = [0.9701, 0.9724, 0.9718], Npt = [0.9522, 0.9519, 0.9560];

    public static ResultTable Make()
    {
        ResultColumn[] columns =
        [
            new("LFW accuracy", "10-fold, grid", true, ValueFormat.Percent) { IsPrimary = true },
            new("EER", "interpolated", false, ValueFormat.Percent),
            new("speed", "median", true, ValueFormat.Number(0, "images/s")),
        ];
        var accuracy = Cells(columns[0], Softmax, ArcFace, Npt);
        var error = Cells(columns[1], [0.051], [0.031], []);
        return new ResultTable("Losses_on <LFW> & 50%, |small|", columns,
        [
            new("Softmax", [accuracy[0], error[0], Speed(412.4)]),
            new("ArcFace s=64, m=0.5", [accuracy[1], error[1], Speed(399.6)]),
            new("Npt*_{k}", [accuracy[2], error[2], new ResultCell(double.NaN, null, null, 1)]),
        ])
        { Baseline = "Softmax" };
    }

    private static ResultCell Speed(double value) => ResultCell.OfSeeds(Seeds(value));

    private static IReadOnlyList<ResultCell> Cells(ResultColumn column, params double[][] rows) => ColumnCells.Build(
        [.. rows.Select(row => new SeedRow(Seeds(row).Values, new HashSet<int>(), IsTrained: true))], 0, column, 1, 0.005);

    private static LossSeeds Seeds(params double[] values) =>
        new(values.Index().ToDictionary(one => one.Index, one => one.Item));

    /// <summary>The same table as part of a suite.</summary>
    public static ResultTable InSummary()
    {
        var table = Make();
        var rows = table.Rows.Select((row, i) => row with
        {
            Cells = [.. row.Cells.Select(cell =>
                cell with { Trials = [new TrialLink(0, $"a{i}", "c0ffee"), new TrialLink(1, $"b{i}", "c0ffee")] })]
        }).ToList();
        return new ResultTable(table.Caption, [.. table.Columns.Select(column => column with { Test = "LFW", Condition = "Small, 56 px" })],
            rows)
        { Baseline = table.Baseline };
    }
}
