using System.Xml;
using System.Xml.Linq;
using Ablation.Experiments.Identity;
using Ablation.Experiments.Reports.Plots;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Makes an SVG file part of an HTML page.</summary>
internal static class InlineSvg
{
    private const double WidePicture = 1000; // units; two panels side by side

    /// <summary>Colours of the frame and of the losses; each has a class to which the page's style gives its dark colour.</summary>
    private static readonly Dictionary<string, string> Recoloured = new Dictionary<string, string>
    {
        ["#FFFFFF"] = "back",
        [PlotStyle.Ink.ToHex().ToUpperInvariant()] = "ink",
        [PlotStyle.Faint.ToHex().ToUpperInvariant()] = "faint",
        [PlotStyle.LeaderColour.ToHex().ToUpperInvariant()] = "leader",
        [PlotStyle.GridColour.ToHex().ToUpperInvariant()] = "grid",
        ["#000000"] = "ink",
    }.Concat(Hue.All.Select(hue => KeyValuePair.Create(hue.Light, hue.Name))).ToDictionary();

    /// <summary>
    /// Returns the picture with a prefix on every id (all pictures use the same ids, but a page has one name space), a view box so that it
    /// shrinks with the page, and a name for screen readers.
    /// </summary>
    /// <param name="losses">Losses whose marks are numbered; null to leave the colours unchanged.</param>
    public static string Embed(string svg, string idPrefix, string name, LossMarks? losses = null)
    {
        using var reader = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var root = XDocument.Load(reader).Root!;
        foreach (var attribute in root.DescendantsAndSelf().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
        {
            var value = attribute.Value;
            attribute.Value = attribute.Name.LocalName switch
            {
                "id" => idPrefix + value,
                "href" when value.StartsWith('#') => $"#{idPrefix}{value[1..]}",
                _ => value.Replace("url(#", $"url(#{idPrefix}", StringComparison.Ordinal),
            };
        }

        if (losses is not null)
        {
            foreach (var element in root.Descendants().ToList()) Mark(element, losses);
        }

        if (root.Attribute("viewBox") is null && root.Attribute("width") is { } width && root.Attribute("height") is { } height)
            root.SetAttributeValue("viewBox", $"0 0 {width.Value} {height.Value}");
        string?[] classes = [losses is null ? null : "themed", (double?)root.Attribute("width") > WidePicture ? "wide" : null];
        if (classes.Any(name => name is not null)) root.SetAttributeValue("class", string.Join(' ', classes.OfType<string>()));
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", name);
        // XML's writer ends lines as the system does
        return root.ToString(SaveOptions.DisableFormatting).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static void Mark(XElement element, LossMarks losses)
    {
        var (fill, stroke) = (Colour(element.Attribute("fill")), Colour(element.Attribute("stroke")));
        string[] classes = [.. Class("fill", fill), .. Class("stroke", stroke)];
        if (classes.Length > 0) element.SetAttributeValue("class", string.Join(' ', classes));
        var loss = losses.OfColour(fill) ?? losses.OfColour(stroke)
            ?? (element.Name.LocalName == "text" ? losses.OfText(element.Value.Trim()) : null);
        if (loss is not null) element.SetAttributeValue("data-loss", loss);
    }

    private static IEnumerable<string> Class(string kind, string? colour) =>
        colour is not null && Recoloured.TryGetValue(colour, out var name) ? [$"{kind}-{name}"] : [];

    /// <summary>Returns the colour in one notation. Skia writes white and black as names, and black fills as #010101.</summary>
    private static string? Colour(XAttribute? attribute) => attribute?.Value.ToUpperInvariant() switch
    {
        "WHITE" => "#FFFFFF",
        "BLACK" or "#010101" => "#000000",
        var colour => colour,
    };
}
