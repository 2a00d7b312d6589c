using System.Xml;
using System.Xml.Linq;

namespace Ablation.Tests.Reports.Plots;

/// <summary>
/// The content of an SVG in readable lines: every text with its place, every box and line with its colour and extent, in the
/// order drawn.
/// </summary>
internal static class PictureOutline
{
    public static string Of(string svg) => string.Join("\n", Elements(svg).Select(Line)) + "\n";

    /// <summary>Returns the texts in the order drawn.</summary>
    public static IReadOnlyList<string> Texts(string svg) =>
        [.. Elements(svg).Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];

    /// <summary>Returns each text with the colour of the last box before it, which is that of its heat map cell.</summary>
    public static IReadOnlyList<(string Text, string Fill)> TextsOnBoxes(string svg)
    {
        var (found, fill) = (new List<(string, string)>(), "");
        foreach (var element in Elements(svg))
        {
            if (element.Name.LocalName == "rect") fill = element.Attribute("fill")?.Value ?? "";
            if (element.Name.LocalName == "text") found.Add((element.Value.Trim(), fill));
        }

        return found;
    }

    private static IEnumerable<XElement> Elements(string svg)
    {
        using var reader = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return [.. XDocument.Load(reader).Descendants()
            .Where(element => element.Name.LocalName is "text" or "rect" or "path"
                && element.Ancestors().All(above => above.Name.LocalName is not "clipPath" and not "defs"))];
    }

    private static string Line(XElement element)
    {
        string Text(string name) => element.Attribute(name)?.Value ?? "-";
        var colours = $"fill {Text("fill")} stroke {Text("stroke")} {Text("stroke-width")}";
        return element.Name.LocalName switch
        {
            "text" => $"text at {Rounded(Text("transform"))} \"{element.Value.Trim()}\" {Text("fill")}",
            "rect" => $"box at {Rounded($"{Text("x")} {Text("y")}")} size {Rounded($"{Text("width")} {Text("height")}")} {colours}",
            _ => Path(Text("d"), colours),
        };
    }

    private static string Path(string d, string colours)
    {
        var numbers = Numbers(d);
        var (xs, ys) = (numbers.Where((_, i) => i % 2 == 0).ToList(), numbers.Where((_, i) => i % 2 == 1).ToList());
        string At(List<double> values, Func<List<double>, double> which) => values.Count == 0 ? "-" : Math.Round(which(values)).ToString();
        return $"line of {xs.Count} points from ({At(xs, v => v[0])}, {At(ys, v => v[0])}) to ({At(xs, v => v[^1])}, " +
            $"{At(ys, v => v[^1])}) within y {At(ys, v => v.Min())} .. {At(ys, v => v.Max())} {colours}";
    }

    private static string Rounded(string text) => $"({string.Join(", ", Numbers(text).Select(number => Math.Round(number).ToString()))})";

    private static List<double> Numbers(string text) =>
        [.. System.Text.RegularExpressions.Regex.Matches(text, @"-?\d+(\.\d+)?(e-?\d+)?").Select(match => double.Parse(match.Value))];
}
