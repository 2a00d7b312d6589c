using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Numbers that identify rows and marks of a loss on a page: its position in the order that gives losses their colours.</summary>
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
            // beyond the palette two losses share a colour, so a plot cannot hide only one of them
            if (Losses.Count(other => other.Colour == Losses[i].Colour) > 1) continue;
            byColour[Losses[i].Colour] = number;
            byText[losses[i]] = byText[$"{losses[i]} ({ValueFormat.Missing})"] = number;
        }
    }

    /// <summary>The losses with their colours ("#0072B2") and styles in plots.</summary>
    public IReadOnlyList<(string Name, string Colour, SeriesStyle Style)> Losses { get; }

    /// <summary>Returns the number of a loss's rows; null if the name is not a loss of the page.</summary>
    public string? OfRow(string loss) => byName.GetValueOrDefault(loss);

    /// <summary>Returns the number of a mark in a plot; null if the colour belongs to no loss or to several.</summary>
    public string? OfColour(string? colour) => colour is null ? null : byColour.GetValueOrDefault(colour);

    /// <summary>Returns the number of a name in a legend or at an axis.</summary>
    public string? OfText(string text) => byText.GetValueOrDefault(text);

    private static string Colour(ScottPlot.Color colour) => colour.ToHex().ToUpperInvariant();
}
