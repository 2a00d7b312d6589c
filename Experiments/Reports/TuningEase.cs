using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Shows how much tuning a loss needs: the expected best of n random configurations, and how many of them come near the best. Validation
/// figures of the first round, which has every configuration; the suite's own setting, which nobody drew, is left out.
/// </summary>
internal static class TuningEase
{
    private const double Chance = 0.5; // of accuracy and of AUC; what a configuration that learnt nothing has
    private const double Near = 0.01;
    private static readonly int[] Shown = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

    private sealed record Searched(string Loss, IReadOnlyList<double> Values, double[] Expected,
        IReadOnlyList<(double Low, double High)?> Bounds);

    /// <summary>Builds table and figure; nothing where no loss has two random configurations with an end.</summary>
    /// <param name="order">Gives each loss its style.</param>
    public static IEnumerable<Block> Build(TuningState state, IReadOnlyList<string> order, string folder)
    {
        var losses = state.Plan.Losses.Select((loss, i) => (loss.Label, Values: RandomOnes(state, i))).Where(loss => loss.Values.Count > 1)
            .Select(loss => new Searched(loss.Label, loss.Values, ExpectedBest.Of(loss.Values), ExpectedBest.Intervals(loss.Values,
                new RandomStream(0, StreamPurpose.TuningBootstrap).NextBelow)))
            .ToList();
        if (losses.Count == 0) yield break;
        var metric = TuningSection.Name(state.Plan.Tune.Metric);
        var epochs = TuningSection.Count(state.Plan.Rungs[0].Epochs, "epoch");
        yield return new TableBlock(Table(losses, metric, epochs));
        using var drawing = Draw(losses, order, metric);
        yield return DrawnFigure.Save(null, drawing, folder, "tuning-ease", $"expected best {metric} by configurations tried",
            $"What a search of n random configurations would have found, expected from the configurations of this one, after {epochs} " +
            "each. Bands are 95 % intervals over configurations, drawn where n is at most half of them.");
    }

    private static List<double> RandomOnes(TuningState state, int loss) =>
        [.. state.Judged(0, loss).Where(draw => draw.Draw > 0).Select(draw => draw.Value ?? Chance)];

    private static TextTable Table(IReadOnlyList<Searched> losses, string metric, string epochs)
    {
        List<int> counts = [.. Shown.Where(n => losses.Any(loss => n <= loss.Values.Count))];
        return new TextTable(
            $"How much tuning a loss needs: expected best {metric} (%) on the validation pairs of n random configurations, after " +
            $"{epochs} each, with the 95 % interval over configurations where n is at most half of them. One that learnt nothing " +
            $"counts as {Chance * 100:0} %; the suite's own setting is left out.",
            [new("loss"), .. counts.Select(n => new TextHeader($"best of {n}", IsNumber: true)),
                new("within 1 point of the best", "configurations", true)],
            [.. losses.Select(loss => (IReadOnlyList<TextCell>)[new(loss.Loss), .. counts.Select(n => Cell(loss, n)), NearBest(loss)])])
        { Losses = [.. losses.Select(loss => loss.Loss)] };
    }

    private static TextCell Cell(Searched loss, int n)
    {
        if (n > loss.Values.Count) return new TextCell(ValueFormat.Missing);
        var (expected, bounds) = (loss.Expected[n - 1], loss.Bounds[n - 1]);
        return new TextCell(ValueFormat.Percent.Text(expected), Details: bounds is { } known
            ? [$"{ValueFormat.Percent.Text(known.Low)} to {ValueFormat.Percent.Text(known.High)}"] : null)
        { Value = expected };
    }

    private static TextCell NearBest(Searched loss)
    {
        var near = loss.Values.Count(value => value >= loss.Values.Max() - Near);
        return new TextCell($"{near} of {loss.Values.Count}") { Value = (double)near / loss.Values.Count };
    }

    private static Drawing Draw(IReadOnlyList<Searched> losses, IReadOnlyList<string> order, string metric)
    {
        var plot = PlotStyle.New("", "random configurations tried", ValueFormat.Percent.Label($"expected best {metric}"));
        SeriesPainter.Paint(plot, [.. losses.Select(Line)], order, x => x, y => 100 * y, marks: _ => true);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.AutoScale();
        return new Drawing(plot);
    }

    private static Series Line(Searched loss) => new(loss.Loss, [.. Enumerable.Range(1, loss.Values.Count).Select(n => (double)n)],
        loss.Expected, [.. loss.Bounds.Select(one => one?.Low ?? double.NaN)], [.. loss.Bounds.Select(one => one?.High ?? double.NaN)]);
}
