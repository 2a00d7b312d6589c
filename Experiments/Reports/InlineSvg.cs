using System.Xml;
using System.Xml.Linq;

namespace Ablation.Experiments.Reports;

/// <summary>Makes an SVG file part of an HTML page.</summary>
internal static class InlineSvg
{
    /// <summary>
    /// The picture with every id prefixed (all pictures of one program use the same ids, and a page has one name space), sized
    /// by a view box so that it shrinks with the page, and with a name for screen readers.
    /// </summary>
    public static string Of(string svg, string idPrefix, string name)
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

        if (root.Attribute("viewBox") is null && root.Attribute("width") is { } width && root.Attribute("height") is { } height)
            root.SetAttributeValue("viewBox", $"0 0 {width.Value} {height.Value}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", name);
        return root.ToString(SaveOptions.DisableFormatting);
    }
}
