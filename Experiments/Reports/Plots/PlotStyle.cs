using System.Runtime.CompilerServices;
using Ablation.Experiments.Identity;
using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The style of all plots: colours, type sizes, axes, grid, legend.</summary>
public static class PlotStyle
{
    public const float TextSize = 13;
    public const float TitleSize = 15;
    public const float LineWidth = 1.5f;
    public const float LoudWidth = 2.8f; // subject and baseline
    public const float MarkerSize = 8;
    public const double BandOpacity = 0.14;
    private const int TitleLetters = 76; // of a line of a title, which is as wide as a panel
    private const float Descent = 2; // ScottPlot centres text by its full height, which places digits and names too high

    /// <summary>Text and axes.</summary>
    public static readonly Color Ink = Color.FromHex("#22262B");

    /// <summary>Secondary marks: a baseline's line, "n/a".</summary>
    public static readonly Color Faint = Color.FromHex("#626C79");

    /// <summary>Lines behind the data.</summary>
    public static readonly Color GridColour = Color.FromHex("#E9ECEF");

    /// <summary>Lines that lead from a line's end to its name.</summary>
    public static readonly Color LeaderColour = Color.FromHex("#B8BFC8");

    // a report asks for the styles of one list thousands of times
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, LossStyles> Known = [];

    /// <summary>Returns the style of a loss.</summary>
    /// <param name="lossOrder">All losses of the report: the same list for every plot.</param>
    /// <param name="isLoud">Whether the line is thick.</param>
    /// <exception cref="ArgumentException">The loss is not in the list: an arbitrary colour would mean another loss elsewhere.</exception>
    public static SeriesStyle ForLoss(string loss, IReadOnlyList<string> lossOrder, bool isLoud = false) =>
        new(Known.GetValue(lossOrder, names => new LossStyles(names))[loss], isLoud ? LoudWidth : LineWidth);

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
        if (title.Length > 0) plot.Title(Wrapped(title), TitleSize);
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

    /// <summary>Breaks a title at spaces, so that a finding in a sentence is not cut off.</summary>
    private static string Wrapped(string title)
    {
        var lines = new List<string> { "" };
        foreach (var word in title.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > TitleLetters) lines.Add(word);
            else lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        }

        return string.Join('\n', lines);
    }

    /// <summary>Adds a legend of lines and areas that are not losses; losses are named at the ends of their lines.</summary>
    public static void AddLegend(Plot plot, IEnumerable<(string Text, Color Color)> entries)
    {
        plot.Legend.DisplayPlottableLegendItems = false;
        foreach (var (text, color) in entries)
        {
            plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = text,
                LabelOffsetY = Descent,
                LineColor = color,
                LineWidth = LoudWidth,
                MarkerShape = MarkerShape.None,
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
