using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>Makes Skia's SVG the same bytes on every system and in every process.</summary>
public static partial class SvgText
{
    private const string Id = " id=\"";
    private const int MostDigits = 17; // of a number in 64 bits, with room to round

    /// <summary>
    /// Ends lines in line feeds, renumbers ids by first appearance, since Skia numbers them through the whole process, and rounds the
    /// numbers of attributes: Skia writes six or eight digits with the C library, and C libraries round a half differently.
    /// </summary>
    public static string Canonical(string svg)
    {
        var rounded = Rounded(svg.ReplaceLineEndings("\n"));
        var numbers = new Dictionary<string, string>();
        for (var at = 0; (at = rounded.IndexOf(Id, at, StringComparison.Ordinal)) >= 0;)
        {
            at += Id.Length;
            var end = rounded.IndexOf('"', at);
            if (end > at) numbers.TryAdd(rounded[at..end], $"id{numbers.Count}");
        }

        return References().Replace(rounded, reference => reference.Groups["before"].Value
            + numbers.GetValueOrDefault(reference.Groups["name"].Value, reference.Groups["name"].Value));
    }

    /// <summary>Rounds the numbers with two decimals or more within tags, which are a third of a large report's text.</summary>
    private static string Rounded(ReadOnlySpan<char> svg)
    {
        var text = new StringBuilder(svg.Length);
        while (svg.IndexOf('<') is >= 0 and var start)
        {
            var isTag = start + 1 < svg.Length && svg[start + 1] is not ('!' or '?');
            var length = isTag ? svg[(start + 2)..].IndexOf('>') : -1;
            if (isTag && length < 0) break;
            text.Append(svg[..start]);
            var end = isTag ? start + 2 + length : start + 1;
            if (isTag) Round(svg[start..end], text);
            else text.Append('<');
            svg = svg[end..];
        }

        return text.Append(svg).ToString();
    }

    private static void Round(ReadOnlySpan<char> tag, StringBuilder text)
    {
        var from = 0;
        while (tag[from..].IndexOf('.') is >= 0 and var next)
        {
            var (point, end) = (from + next, from + next + 1);
            while (end < tag.Length && char.IsAsciiDigit(tag[end])) end++;
            var begin = point;
            while (begin > from && char.IsAsciiDigit(tag[begin - 1])) begin--;
            if (begin > from && tag[begin - 1] == '-') begin--;
            if (end - point <= 2) // one decimal
            {
                text.Append(tag[from..(point + 1)]);
                from = point + 1;
                continue;
            }

            text.Append(tag[from..begin]);
            var exponent = Exponent(tag[end..]);
            if (exponent > 0 || end - begin > MostDigits) text.Append(Slowly(tag[begin..(end + exponent)]));
            else Round(tag[begin..end], point - begin, text);
            from = end + exponent;
        }

        text.Append(tag[from..]);
    }

    /// <summary>Returns the length of "e-5" at the start of a text; 0 without one.</summary>
    private static int Exponent(ReadOnlySpan<char> text)
    {
        if (text is not ['e', ..]) return 0;
        var digits = text.Length > 1 && text[1] is '-' or '+' ? 2 : 1;
        var end = digits;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end > digits ? end : 0;
    }

    /// <summary>
    /// Writes two decimals, one from 1000 on and four below 1 (opacities), without zeros at the end. A float that is a half at the sixth
    /// or eighth digit is a multiple of 1/8 to 1/256, and both ways to write it then round to the same here.
    /// </summary>
    private static void Round(ReadOnlySpan<char> number, int point, StringBuilder text)
    {
        long value = 0, one = 1; // the number is value / one
        foreach (var c in number)
            if (char.IsAsciiDigit(c)) value = 10 * value + (c - '0');
        for (var i = point + 1; i < number.Length; i++) one *= 10;
        var kept = value < one ? 10_000 : value / 1000 < one ? 100 : 10;
        if (kept < one) (value, one) = ((value + one / kept / 2) / (one / kept), kept); // a half away from zero
        if (value == 0)
        {
            text.Append('0');
            return;
        }

        if (number[0] == '-') text.Append('-');
        text.Append(value / one);
        var rest = value % one;
        if (rest > 0) text.Append('.');
        while (rest > 0)
        {
            one /= 10;
            text.Append((char)('0' + rest / one));
            rest %= one;
        }
    }

    /// <summary>The same for a number with an exponent or very many digits.</summary>
    private static string Slowly(ReadOnlySpan<char> number)
    {
        var value = decimal.Parse(number, NumberStyles.Float);
        value = decimal.Round(value, Math.Abs(value) switch { < 1 => 4, < 1000 => 2, _ => 1 }, MidpointRounding.AwayFromZero);
        return value == 0 ? "0" : value.ToString("0.####");
    }

    [GeneratedRegex("(?<before> id=\"|url\\(#|href=\"#)(?<name>[^\")]+)")]
    private static partial Regex References();
}
