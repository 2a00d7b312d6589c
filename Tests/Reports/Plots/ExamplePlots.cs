using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports.Plots;

/// <summary>Generated results that resemble real ones, from fixed seeds.</summary>
internal static class ExamplePlots
{
    public static readonly string[] Losses = ["Softmax", "CosFace", "ArcFace", "SphereFace", "AdaFace", "Npt", "Triplet", "CircleLoss",
        "Magface"];

    public static readonly string[] Kinds = ["roc", "training", "metric-by-loss", "metric-by-axis", "det", "cmc", "forest", "heat-map",
        "histograms", "critical-difference"];

    /// <summary>Every kind of plot by name.</summary>
    public static IReadOnlyDictionary<string, Drawing> All(string title) => new Dictionary<string, Drawing>
    {
        ["roc"] = Roc(title, Losses[..6]),
        ["training"] = Training(title),
        ["metric-by-loss"] = ByLoss(title, Losses),
        ["metric-by-axis"] = ByResolution(title, Losses[..6]),
        ["det"] = Det(title, Losses[..6]),
        ["cmc"] = Cmc(title, Losses[..6]),
        ["forest"] = Forest(title, Losses[1..]),
        ["heat-map"] = Heat(title, 0.8),
        ["histograms"] = Histograms(title),
        ["critical-difference"] = CriticalDifference(title),
    };

    public static Drawing Roc(string title, IReadOnlyList<string> losses) =>
        RocPlot.Draw(title, [.. losses.Select((loss, i) => RocPlot.Mean(loss, [.. Enumerable.Range(0, 5).Select(seed => Curve(i, seed))]))],
            Losses);

    public static Drawing Training(string title)
    {
        double[] steps = [.. Enumerable.Range(0, 60).Select(i => 100.0 * i)];
        Series Of(int loss, double start, double end) => Series.OverSeeds(Losses[loss], steps, [.. Enumerable.Range(0, 3).Select(seed =>
        {
            var random = new Random(10 * loss + seed);
            return steps.Select(step => end + (start - end) * Math.Exp(-step / (900 + 300 * loss)) * (1 + 0.12 * random.NextDouble()))
                .ToArray();
        })]);
        return TrainingCurves.Draw(
        [
            new TrainingPanel(title + "softmax with margin", [Of(0, 6, 0.2), Of(1, 21, 1.4), Of(2, 24, 2.2), Of(4, 23, 1.9)]),
            new TrainingPanel(title + "pairs and proxies", [Of(5, 1.1, 0.3), Of(6, 0.7, 0.1), Of(7, 0.9, 0.25)]),
        ], Losses);
    }

    public static Drawing ByLoss(string title, IReadOnlyList<string> losses)
    {
        var rows = losses.Select((loss, i) =>
        {
            var random = new Random(i);
            double[] seeds = [.. Enumerable.Range(0, i == 4 ? 1 : 5).Select(_ => 0.952 + 0.004 * i % 0.019 + 0.006 * random.NextDouble())];
            if (i == 6) return new LossFigure(loss, null, null, []);
            var cell = ResultCell.OfSeeds(new LossSeeds(seeds.Index().ToDictionary(one => one.Index, one => one.Item)));
            return new LossFigure(loss, cell.Mean, cell.HalfWidth, seeds);
        });
        return MetricByLoss.Draw(title, "LFW accuracy", [.. rows], Losses, ValueFormat.Percent, "Softmax");
    }

    public static Drawing ByResolution(string title, IReadOnlyList<string> losses)
    {
        double[] sizes = [7, 10, 14, 20, 28, 56, 112];
        var series = losses.Select((loss, i) =>
        {
            var random = new Random(i);
            double[] means = [.. sizes.Select(size => i == 3 && size == 20
                ? double.NaN : 0.985 - 0.01 * i % 0.03 - (2.4 + 0.15 * i) / (size + 0.4))];
            double[] half = [.. sizes.Select(_ => 0.003 + 0.006 * random.NextDouble())];
            return new Series(loss, sizes, means, [.. means.Zip(half, (m, h) => m - h)], [.. means.Zip(half, (m, h) => m + h)]);
        });
        return MetricByAxis.Draw(title, "resolution (px)", isLogarithmic: true, "LFW accuracy", [.. series], Losses, ValueFormat.Percent);
    }

    public static Drawing Det(string title, IReadOnlyList<string> losses) =>
        DetPlot.Draw(title, [.. losses.Select((loss, i) => DetPlot.Mean(loss, [.. Enumerable.Range(0, 5).Select(seed => Curve(i, seed))]))],
            Losses);

    public static Drawing Cmc(string title, IReadOnlyList<string> losses) =>
        CmcPlot.Draw(title, [.. losses.Select((loss, i) => CmcPlot.Mean(loss, 50,
        [.. Enumerable.Range(0, 3)
            .Select(seed => Enumerable.Range(1, 50).Select(rank => 1 - (0.5 - 0.05 * i + 0.02 * seed) / Math.Pow(rank, 0.7)).ToArray())]))],
            Losses);

    /// <summary>CosFace is better, ArcFace worse, the others undecided; one has one seed and one has none.</summary>
    public static Drawing Forest(string title, IReadOnlyList<string> losses, bool higherIsBetter = true) =>
        ForestPlot.Draw(title, "accuracy, 10-fold, grid", Losses[0],
    [
        .. losses.Select((loss, i) => new Difference(loss, i switch
        {
            3 => Compared(Verdict.OneSeed, 1, 0.004, null),
            4 => Compared(Verdict.NoCommonSeed, 0, null, null),
            _ => Compared(i switch { 0 => Verdict.Better, 2 => Verdict.Worse, _ => Verdict.Open }, 5, 0.011 - 0.007 * i, 0.003 + 0.001 * i),
        })),
    ], Losses, ValueFormat.Percent, higherIsBetter);

    /// <summary>A comparison whose interval of all comparisons together is 1.5 times that of the difference alone.</summary>
    public static LossComparison Compared(Verdict verdict, int seeds, double? difference, double? half) => new(seeds, verdict)
    {
        Difference = difference,
        Alone = half is null ? null : new Bounds(difference!.Value - half.Value, difference.Value + half.Value),
        Simultaneous = half is null ? null : new Bounds(difference!.Value - 1.5 * half.Value, difference.Value + 1.5 * half.Value),
    };

    public static readonly string[] HeatColumns = ["0.1", "0.2", "0.35", "0.5", "0.7"], HeatRows = ["8", "16", "32", "64"];

    /// <summary>Two panels; the first has cells with fewer seeds, diverged, at chance and missing.</summary>
    public static Drawing Heat(string title, double lowest) =>
        HeatMap.Draw(
            [.. new[] { 0.0,
                0.03 }.Select((better, panel) =>
                    new HeatMapPanel(title + (panel == 0 ? "LFW, CosFace" : "LFW, ArcFace"),
                        [.. HeatRows.Select((_, y) => (IReadOnlyList<HeatCell>)
        [
            .. HeatColumns.Select((_, x) => (panel, y, x) switch
            {
                (0, 3, 4) => new HeatCell(null, "diverged"),
                (0, 3, 3) => new HeatCell(null, "at chance"),
                (1, 0, 0) => new HeatCell(null, "not run"),
                (0, 2, 4) => new HeatCell(lowest, "2 of 3"),
                _ => new HeatCell(lowest + better + 0.02 * y + 0.012 * x * (4 - x), ""),
            }),
        ])]))], "cosineMargin", HeatColumns, "scale", HeatRows, "accuracy, 10-fold, grid", ValueFormat.Percent);

    public static Drawing Histograms(string title) =>
        HistogramPlot.Draw([.. Losses[1..3].Select((loss, i) => new HistogramPanel($"{loss} {title}",
    [
        new Histogram("impostor", PlotStyle.Faint, Histogram.EqualBins(-1, 1, 100), Values(i, 0, 0.12)),
        new Histogram("genuine", PlotStyle.ForLoss(loss, Losses).Color, Histogram.EqualBins(-1, 1, 100),
            Values(i + 10, 0.55 + 0.1 * i, 0.16)),
    ]))], "cosine");

    public static Drawing CriticalDifference(string title) => CriticalDifferencePlot.Draw(title,
        [("Softmax", 5.4), ("CosFace", 2.1), ("ArcFace", 2.3), ("SphereFace", 4.6), ("AdaFace", 3.2), ("Npt", 1.9), ("Triplet", 6.5)], 1.27,
            [(0, 2), (1, 3), (4, 5)], Losses);

    private static List<double[]> Values(int random, double centre, double spread)
    {
        var draws = new Random(random);
        return [.. Enumerable.Range(0, 3)
            .Select(_ => Enumerable.Range(0, 3000)
                .Select(_ => centre + spread * (draws.NextDouble() + draws.NextDouble() + draws.NextDouble() + draws.NextDouble() - 2))
                .ToArray())];
    }

    private static RocCurve Curve(int loss, int seed)
    {
        var random = new Random(100 * loss + seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        const int pairs = 6000;
        var same = Enumerable.Range(0, pairs).Select(i => i % 2 == 0).ToArray();
        var distance = same.Select(isSame =>
            (float)Math.Clamp(isSame ? 1.05 - 0.06 * loss + 0.26 * Normal() : 1.95 + 0.16 * Normal(), 0, 4)).ToArray();
        return RocCurve.Build(new PairScores("example", distance, same, new int[pairs], 1))!;
    }
}
