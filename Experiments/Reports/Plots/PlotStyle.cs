using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The style of all plots: colours, type sizes, axes, grid, legend.</summary>
public static class PlotStyle
{
    public const float TextSize = 13;
    public const float TitleSize = 15;
    public const float LineWidth = 1.8f;
    public const float MarkerSize = 8;
    public const double BandOpacity = 0.14;
    private const float Descent = 2; // ScottPlot centres text by its full height, which places digits and names too high

    /// <summary>Text and axes.</summary>
    public static readonly Color Ink = Color.FromHex("#24292F");

    /// <summary>Secondary marks: a baseline's line, "n/a".</summary>
    public static readonly Color Faint = Color.FromHex("#6E7781");

    /// <summary>Lines behind the data.</summary>
    public static readonly Color GridColour = Color.FromHex("#E4E7EB");

    /// <summary>Returns the style of <paramref name="loss"/> by its position in <paramref name="lossOrder"/>, the same list for every plot
    /// of a report.</summary>
    /// <exception cref="ArgumentException">The loss is not in the list: an arbitrary colour would mean another loss elsewhere.</exception>
    public static SeriesStyle ForLoss(string loss, IReadOnlyList<string> lossOrder)
    {
        for (var i = 0; i < lossOrder.Count; i++)
        {
            if (lossOrder[i] == loss) return SeriesStyle.At(i);
        }

        throw new ArgumentException(
            $"\"{loss}\" is not in the order of losses ({string.Join(", ", lossOrder)}); give one list that contains all losses");
    }

    /// <summary>Returns an empty plot in this style.</summary>
    public static Plot New(string title, string xLabel, string yLabel)
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        plot.Font.Set(EmbeddedFont.Name);
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Axes.Color(Ink);
        plot.Grid.MajorLineColor = GridColour;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        if (title.Length > 0) plot.Title(title, TitleSize);
        plot.XLabel(xLabel, TextSize);
        plot.YLabel(yLabel, TextSize);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = TextSize - 1;
            axis.MinorTickStyle.Length = 0; // useful only on a logarithmic axis, where LogAxis restores them
            axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { TickDensity = 0.6 };
        }

        plot.Axes.Left.TickLabelStyle.OffsetY = Descent;
        return plot;
    }

    /// <summary>Adds the legend beside the plot, one entry per series in the order drawn; a series without points shows n/a.</summary>
    public static void AddLegend(Plot plot, IEnumerable<(string Text, SeriesStyle Style)> entries)
    {
        plot.Legend.DisplayPlottableLegendItems = false;
        foreach (var (text, style) in entries)
        {
            plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = text,
                LabelOffsetY = Descent,
                LineColor = style.Color,
                LineWidth = style.LineWidth,
                MarkerShape = style.Marker,
                MarkerSize = MarkerSize,
                MarkerColor = style.Color,
                MarkerLineWidth = LineWidth,
            });
        }

        plot.Legend.FontName = EmbeddedFont.Name;
        plot.Legend.FontSize = TextSize - 1;
        plot.Legend.FontColor = Ink;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White;
        plot.Legend.SymbolWidth = 30;
        var panel = plot.ShowLegend(Edge.Right);
        panel.Alignment = Alignment.UpperLeft;
    }
}
