using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Numbers by which rows and marks of a loss are found on a page: its place in the order that gives losses their colours.
/// </summary>
internal sealed class LossMarks
{
    private readonly Dictionary<string, string> byName = [];
    private readonly Dictionary<string, string> byColour = [];
    private readonly Dictionary<string, string> byText = [];

    public LossMarks(IReadOnlyList<string> losses)
    {
        Losses = [.. losses.Select((loss, i) => (loss, Colour(SeriesStyle.At(i).Color), SeriesStyle.At(i)))];
        for (var i = 0; i < losses.Count; i++)
        {
            var number = i.ToString();
            byName[losses[i]] = number;
            // beyond the palette two losses share a colour: in plots neither can be hidden without the other
            if (Losses.Count(other => other.Colour == Losses[i].Colour) > 1) continue;
            byColour[Losses[i].Colour] = number;
            byText[losses[i]] = byText[$"{losses[i]} ({ValueFormat.Missing})"] = number;
        }
    }

    /// <summary>Each with its colour, "#0072B2", and its style in plots.</summary>
    public IReadOnlyList<(string Name, string Colour, SeriesStyle Style)> Losses { get; }

    /// <summary>Of a loss's rows; null where the name is no loss of the page.</summary>
    public string? OfRow(string loss) => byName.GetValueOrDefault(loss);

    /// <summary>Of a mark in a plot; null where the colour is no loss's, or that of several.</summary>
    public string? OfColour(string? colour) => colour is null ? null : byColour.GetValueOrDefault(colour);

    /// <summary>Of a name in a legend or at an axis.</summary>
    public string? OfText(string text) => byText.GetValueOrDefault(text);

    private static string Colour(ScottPlot.Color colour) => colour.ToHex().ToUpperInvariant();
}
