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
            new("LFW accuracy", "10-fold, grid", true, ValueFormat.Percent),
            new("EER", "interpolated", false, ValueFormat.Percent),
            new("speed", "median", true, ValueFormat.Number(0, "images/s")),
        ];
        var judged = Judgement.OverTable([(Compare(ArcFace), true), (Compare(Npt), true)]);
        return new ResultTable("Losses_on <LFW> & 50%, |small|", columns,
        [
            new("Softmax", [ResultCell.FromValues(BySeed(Softmax)), ResultCell.FromValues([0.051]), ResultCell.FromValues([412.4])]),
            new("ArcFace s=64, m=0.5",
                [ResultCell.FromValues(BySeed(ArcFace), judged[0]), new ResultCell(0.031, null, null, 1, -0.02, null, Verdict.OneSeed),
                    ResultCell.FromValues([399.6])]),
            new("Npt*_{k}",
                [ResultCell.FromValues(BySeed(Npt), judged[1]), ResultCell.Missing, new ResultCell(double.NaN, double.NaN, null, 1)]),
        ]);
    }

    private static PairedComparison Compare(double[] values) => PairedComparison.Compare(BySeed(values), BySeed(Softmax));

    private static Dictionary<int, double> BySeed(double[] values) =>
        values.Select((value, seed) => (value, seed)).ToDictionary(x => x.seed, x => x.value);

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
            rows);
    }
}
