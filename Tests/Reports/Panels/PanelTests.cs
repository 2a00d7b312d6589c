using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;

namespace Ablation.Tests.Reports.Panels;

/// <summary>The numbers of what the page draws by itself.</summary>
[Parallelizable]
public sealed class PanelTests
{
    private static readonly double[] Rates = [.. Enumerable.Range(-150, 151).Select(step => Math.Pow(10, step / 50.0))];
    private static readonly Emphasis Loud = new("Npt", "ArcFace");

    [Test]
    public void Labels_keep_their_distance_and_order_and_stay_above_the_bottom()
    {
        double[] ends = [20, 21, 22, 100, 288, 290];
        var places = EndLabels.Place(ends, 14, 292);
        Assert.That(places.Zip(places.Skip(1), (one, next) => next - one), Is.All.GreaterThanOrEqualTo(EndLabels.Gap - 1e-9));
        Assert.That(places[^1], Is.EqualTo(292).Within(1e-9));
        Assert.That(places[3], Is.EqualTo(100), "nothing crowds it");
        Assert.That(EndLabels.Place([50], 14, 292), Is.EqualTo(new[] { 50.0 }));
        Assert.That(EndLabels.Place([], 14, 292), Is.Empty);
    }

    [Test]
    public void An_axis_is_widened_to_round_numbers_and_marked_at_them()
    {
        var axis = PanelAxis.Round(0, 47.3, 6, 292, 10);
        Assert.That((axis.Low, axis.High), Is.EqualTo((0, 50)));
        Assert.That(axis.Ticks(6).Select(tick => tick.Text), Is.EqualTo(new[] { "0", "10", "20", "30", "40", "50" }));
        Assert.That((axis.At(0), axis.At(50), axis.At(25)), Is.EqualTo((292, 10, 151)));
        Assert.That(new PanelAxis(-0.35, 0.2, 0, 100).Ticks(4, signed: true).Select(tick => tick.Text),
            Is.EqualTo(new[] { "−0.2", "0.0", "+0.2" }));
        Assert.That(PanelAxis.Round(3, 3, 4, 0, 100).Ticks(4), Is.Not.Empty, "one value");
    }

    [Test]
    public void Curves_are_zoomed_to_where_trained_losses_lie_and_the_loud_ones_come_last()
    {
        var series = new[] { Curve("Npt", 0.3), Curve("ArcFace", 0.45), Curve("Softmax", 0.4), Curve("untrained", 0.05) };
        var panel = CurvesPanel.Build("", CurveView.Far(series), series, Loud);
        Assert.That(panel.X.Select(tick => tick.Text), Is.EqualTo(new[] { "0.1 %", "1 %", "10 %" }));
        Assert.That(panel.Y[0].Text, Is.EqualTo("0"));
        Assert.That(panel.Lines.Select(line => line.Loss), Is.EqualTo(new[] { "Softmax", "untrained", "ArcFace", "Npt" }));
        Assert.That(panel.Lines.Where(line => line.Band.Length > 0).Select(line => line.Loss), Is.EqualTo(new[] { "ArcFace", "Npt" }));
        Assert.That(panel.Lines.OrderBy(line => line.Label!.Place).Select(line => line.Loss),
            Is.EqualTo(new[] { "ArcFace", "Softmax", "Npt", "untrained" }), "from the highest down");
        Assert.That(panel.Lines.Single(line => line.Loss == "ArcFace").Label!.Value, Is.EqualTo("37.5"), "at FAR 10 %: 0.45 less a sixth");
    }

    [Test]
    public void High_curves_have_an_axis_that_does_not_begin_at_0()
    {
        var series = new[] { Curve("Npt", 0.99), Curve("ArcFace", 0.97) };
        Assert.That(CurvesPanel.Build("", CurveView.Far(series), series, Loud).Y[0].Text, Is.Not.EqualTo("0"));
    }

    [Test]
    public void Of_many_losses_the_loud_ones_the_best_and_the_worst_are_labelled()
    {
        Series[] series = [.. Enumerable.Range(0, 12).Select(i => Curve($"L{i}", 0.3 + 0.03 * i)), Curve("Npt", 0.5), Curve("ArcFace",
            0.41)];
        var panel = CurvesPanel.Build("", CurveView.Far(series), series, Loud);
        Assert.That(panel.Lines.Where(line => line.Label is not null).Select(line => line.Loss),
            Is.EquivalentTo(new[] { "L11", "L0", "Npt", "ArcFace" }));
    }

    [Test]
    public void Differences_share_an_axis_with_the_baseline_at_0_and_its_seeds_in_grey()
    {
        var series = new[] { Curve("ArcFace", 0.45), Curve("Npt", 0.35), Curve("Softmax", 0.5), Curve("untrained", 0.1) };
        var panels = SmallPanels.Differences("TAR", CurveView.Far(series).UpToHalf(), series, "ArcFace")!;
        Assert.That(panels.Panels.Select(panel => panel.Loss), Is.EqualTo(new[] { "Npt", "Softmax" }));
        Assert.That(panels.Panels.Select(panel => panel.Zero).Distinct().Count(), Is.EqualTo(1));
        Assert.That(panels.Panels.Select(panel => panel.OtherBand).Distinct().Single(), Is.Not.Empty);
        double End(SmallPanel panel) => double.Parse(panel.Line.Split(' ')[^1]);
        Assert.That(End(panels.Panels[0]), Is.GreaterThan(panels.Panels[0].Zero!.Value), "worse is below the line");
        Assert.That(End(panels.Panels[1]), Is.LessThan(panels.Panels[1].Zero!.Value), "better is above it");
        Assert.That(SmallPanels.Differences("TAR", CurveView.Far(series), series, "Unheard"), Is.Null);
    }

    [Test]
    public void A_path_keeps_its_corners_drops_points_on_straight_lines_and_breaks_at_gaps()
    {
        Assert.That(PanelPath.Line([(0, 0), (1, 1), (2, 2), (3, 0), (4, 0), (5, double.NaN), (6, 1), (7, 1)]),
            Is.EqualTo("M0 0L2 2L3 0L4 0M6 1L7 1"));
        Assert.That(PanelPath.Line([(5, 5)]), Is.EqualTo("M3.5 5L6.5 5"), "a point alone is a stroke");
        Assert.That(PanelPath.Band([(0, 1, 3), (4, 2, 5)]), Is.EqualTo("M0 3L4 5L4 2L0 1Z"));
        Assert.That(PanelPath.Band([(0, 1, 3), (1, double.NaN, 2)]), Is.Empty);
    }

    [Test]
    public void Densities_have_one_axis_and_areas_of_their_height()
    {
        var panels = DensityPanels.Build("test", [-1, -0.5, 0, 0.5, 1],
            [("Npt", [0, 1, 1, 0], [0, 0, 1, 1]), ("ArcFace", [0, 2, 0, 0], [])]);
        Assert.That(panels.Panels[0].ImpostorAt.Y, Is.EqualTo((DensityPanels.Top + DensityPanels.Bottom) / 2), "half of the highest");
        Assert.That(panels.Panels[1].ImpostorAt.Y, Is.EqualTo(DensityPanels.Top));
        Assert.That(panels.Panels[1].Genuine, Is.Empty);
        Assert.That(panels.X[0].At, Is.GreaterThanOrEqualTo(DensityPanels.Left));
    }

    /// <summary>A curve of 1,000 impostor pairs that rises with the logarithm of the rate to its height at FAR 1, with seeds around
    /// it.</summary>
    private static Series Curve(string loss, double height)
    {
        double[] Y(double factor) => [.. Rates.Select(rate => factor * height * (1 + Math.Log10(rate) / 6))];
        return new Series(loss, Rates, Y(1), Y(0.98), Y(1.02));
    }
}
