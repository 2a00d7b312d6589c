using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Plots;
using Ablation.Harness.Evaluation;

namespace Ablation.Tests.Reports.Plots;

/// <summary>Invented results in the shape of real ones, from fixed seeds.</summary>
internal static class ExamplePlots
{
    public static readonly string[] Losses = ["Softmax", "CosFace", "ArcFace", "SphereFace", "AdaFace", "Npt", "Triplet", "CircleLoss", "Magface"];

    /// <summary>Every kind of plot by name.</summary>
    public static IReadOnlyDictionary<string, Drawing> All(string title) => new Dictionary<string, Drawing>
    {
        ["roc"] = Roc(title, Losses[..6]),
        ["training"] = Training(title),
        ["metric-by-loss"] = ByLoss(title, Losses),
        ["metric-by-resolution"] = ByResolution(title, Losses[..6]),
    };

    public static Drawing Roc(string title, IReadOnlyList<string> losses) =>
        RocPlot.Draw(title, [.. losses.Select((loss, i) => RocPlot.Mean(loss, [.. Enumerable.Range(0, 5).Select(seed => Curve(i, seed))]))], Losses);

    public static Drawing Training(string title)
    {
        double[] steps = [.. Enumerable.Range(0, 60).Select(i => 100.0 * i)];
        Series Of(int loss, double start, double end) => Series.OverSeeds(Losses[loss], steps, [.. Enumerable.Range(0, 3).Select(seed =>
        {
            var random = new Random(10 * loss + seed);
            return steps.Select(step => end + (start - end) * Math.Exp(-step / (900 + 300 * loss)) * (1 + 0.12 * random.NextDouble())).ToArray();
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
            var cell = ResultCell.Of(seeds);
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
            double[] means = [.. sizes.Select(size => i == 3 && size == 20 ? double.NaN : 0.985 - 0.01 * i % 0.03 - (2.4 + 0.15 * i) / (size + 0.4))];
            double[] half = [.. sizes.Select(_ => 0.003 + 0.006 * random.NextDouble())];
            return new Series(loss, sizes, means, [.. means.Zip(half, (m, h) => m - h)], [.. means.Zip(half, (m, h) => m + h)]);
        });
        return MetricByResolution.Draw(title, "LFW accuracy", [.. series], Losses, ValueFormat.Percent);
    }

    private static RocCurve Curve(int loss, int seed)
    {
        var random = new Random(100 * loss + seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        const int pairs = 6000;
        var same = Enumerable.Range(0, pairs).Select(i => i % 2 == 0).ToArray();
        var distance = same.Select(isSame => (float)Math.Clamp(isSame ? 1.05 - 0.06 * loss + 0.26 * Normal() : 1.95 + 0.16 * Normal(), 0, 4)).ToArray();
        return RocCurve.Of(new PairScores("example", distance, same, new int[pairs], 1))!;
    }
}
