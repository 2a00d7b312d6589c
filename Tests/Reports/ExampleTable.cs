using Ablation.Experiments.Reports;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

/// <summary>A small table with everything that can go wrong in it: a missing cell, one seed, a name to escape, a lower-is-better column.</summary>
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
        return new ResultTable("Losses_on <LFW> & 50%, |small|", "loss", columns,
        [
            new("Softmax", [ResultCell.Of(BySeed(Softmax)), ResultCell.Of([0.051]), ResultCell.Of([412.4])]),
            new("ArcFace s=64, m=0.5", [ResultCell.Of(BySeed(ArcFace), judged[0]), new ResultCell(0.031, null, null, 1, -0.02, null, Verdict.OneSeed), ResultCell.Of([399.6])]),
            new("Npt*_{k}", [ResultCell.Of(BySeed(Npt), judged[1]), ResultCell.Missing, new ResultCell(double.NaN, double.NaN, null, 1)]),
        ]);
    }

    private static PairedComparison Compare(double[] values) => PairedComparison.Of(BySeed(values), BySeed(Softmax));

    private static Dictionary<int, double> BySeed(double[] values) => values.Select((value, seed) => (value, seed)).ToDictionary(x => x.seed, x => x.value);

    /// <summary>The same table in its place in a suite.</summary>
    public static SummaryTable InSummary()
    {
        var table = Make();
        var condition = new Ablation.Experiments.Condition(new Ablation.Harness.Backbones.SmallOptions(), 56, new Ablation.Harness.Training.TrainingOptions(), new Ablation.Harness.Data.Synthetic.SyntheticOptions());
        return new SummaryTable(condition, "Small, 56 px", "LFW", table, [.. table.Rows.Select((_, i) => (IReadOnlyList<string>)[$"a{i}", $"b{i}"])]);
    }
}
