using Ablation.Experiments.Identity;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Finds whose a mark of an embedded picture is: by its colour, or its text.</summary>
internal sealed class LossMarks
{
    private readonly Dictionary<string, string> byColour = [];
    private readonly Dictionary<string, string> byText = [];

    /// <param name="losses">In the order of their numbers on the page.</param>
    public LossMarks(IReadOnlyList<string> losses, LossStyles styles)
    {
        for (var i = 0; i < losses.Count; i++)
        {
            var (number, colour) = (i.ToString(), styles[losses[i]].Hue.Light);
            // losses may share a colour, so that a plot cannot dim only one of them
            if (losses.Count(other => styles[other].Hue.Light == colour) > 1) continue;
            byColour[colour] = number;
            byText[losses[i]] = byText[$"{losses[i]} ({ValueFormat.Missing})"] = number;
        }
    }

    /// <summary>Returns the number of a mark in a plot; null if the colour belongs to no loss or to several.</summary>
    public string? OfColour(string? colour) => colour is null ? null : byColour.GetValueOrDefault(colour);

    /// <summary>Returns the number of a name at a line's end or at an axis.</summary>
    public string? OfText(string text) => byText.GetValueOrDefault(text);
}
