using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>The scores of one loss, in a panel of <see cref="DensityPanels.Width"/> x <see cref="DensityPanels.Height"/> units.</summary>
/// <param name="Impostor">Path data of the area; empty without scores.</param>
/// <param name="ImpostorAt">Place of the word beside its highest bin.</param>
public sealed record DensityPanel(string Loss, string Impostor, string Genuine, (double X, double Y) ImpostorAt, (double X,
    double Y) GenuineAt);

/// <summary>Densities of the cosines of genuine and impostor pairs, one panel per loss, all with the same axes.</summary>
public sealed record DensityPanels(string Test, IReadOnlyList<AxisTick> X, IReadOnlyList<DensityPanel> Panels) : Block
{
    public const double Width = 320, Height = 150;

    /// <summary>Edges of the plot in a panel.</summary>
    public const double Left = 8, Right = 312, Top = 18, Bottom = 118;

    /// <param name="losses">Of each the densities of impostor and genuine pairs, over <paramref name="edges"/>.</param>
    public static DensityPanels Build(string test, double[] edges,
        IReadOnlyList<(string Loss, double[] Impostor, double[] Genuine)> losses)
    {
        var all = losses.SelectMany(one => new[] { one.Impostor, one.Genuine }).Where(one => one.Length > 0).ToList();
        var filled = all.SelectMany(one => one.Index().Where(bin => bin.Item > 0)).Select(bin => bin.Index).DefaultIfEmpty(0).ToList();
        var (first, last) = (filled.Min(), Math.Min(edges.Length - 1, filled.Max() + 1));
        var x = new PanelAxis(edges[first], edges[last], Left, Right);
        var y = new PanelAxis(0, all.SelectMany(one => one).DefaultIfEmpty(1).Max(), Bottom, Top);
        return new DensityPanels(test, x.Ticks(5), [.. losses.Select(one => new DensityPanel(one.Loss, Area(one.Impostor),
            Area(one.Genuine),
            Peak(one.Impostor), Peak(one.Genuine)))]);

        string Area(double[] density) => density.Length == 0 ? "" : PanelPath.Band(Enumerable.Range(first, last - first)
            .SelectMany(bin => new[] { edges[bin], edges[bin + 1] }.Select(edge => (x.At(edge), Bottom, y.At(density[bin])))));

        (double, double) Peak(double[] density) => density.Length == 0 ? (Left, Bottom)
            : Array.IndexOf(density, density.Max()) is var bin ? (x.At((edges[bin] + edges[bin + 1]) / 2), y.At(density[bin])) : default;
    }
}
