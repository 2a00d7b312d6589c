using System.Globalization;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>Makes Skia's SVG the same bytes on every system and in every process.</summary>
public static partial class SvgText
{
    /// <summary>
    /// Ends lines in line feeds, renumbers ids by first appearance, since Skia numbers them through the whole process, and rounds the
    /// numbers of attributes: Skia writes six or eight digits with the C library, and C libraries round a half differently.
    /// </summary>
    public static string Canonical(string svg)
    {
        var rounded = Tags().Replace(svg.ReplaceLineEndings("\n"), tag => Fractions().Replace(tag.Value, Rounded));
        var numbers = new Dictionary<string, string>();
        foreach (Match id in Ids().Matches(rounded)) numbers.TryAdd(id.Value, $"id{numbers.Count}");
        return References().Replace(rounded, reference => numbers.GetValueOrDefault(reference.Value, reference.Value));
    }

    /// <summary>
    /// Returns two decimals, one from 1000 on and four below 1 (opacities). A float that is a half at the sixth or eighth digit is a
    /// multiple of 1/8 to 1/256, and both ways to write it then round to the same here.
    /// </summary>
    private static string Rounded(Match number)
    {
        var value = decimal.Parse(number.Value, NumberStyles.Float);
        value = decimal.Round(value, Math.Abs(value) switch { < 1 => 4, < 1000 => 2, _ => 1 }, MidpointRounding.AwayFromZero);
        return value == 0 ? "0" : value.ToString("0.####");
    }

    [GeneratedRegex("<[^!?][^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"-?\d*\.\d{2,}(e[-+]?\d+)?")]
    private static partial Regex Fractions();

    [GeneratedRegex("(?<= id=\")[^\"]+")]
    private static partial Regex Ids();

    [GeneratedRegex("(?<= id=\"|url\\(#|href=\"#)[^\")]+")]
    private static partial Regex References();
}
