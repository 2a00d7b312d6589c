using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ablation.Experiments.Reports;
using Ablation.Tests.Reports.Plots;

namespace Ablation.Tests.Reports;

public sealed class DocumentTests
{
    private const string Nasty = "<script>alert('x')</script> & \"q\" | *b* _i_ `c` [l](u) $m$";

    private static Document Page(string? svg = null) => new("Losses & <margins>",
    [
        new Heading(2, "Results #1"),
        new Paragraph(Nasty),
        new Paragraph("1. is no list"),
        new Note("- nor is this"),
        new TableBlock(TextTable.Of(ExampleTable.Make())),
        new TableBlock(TextTable.Plain("", ["setting", "value"], [["margin|radians", "0.5"]])),
        new Code("a < b && c\n```\n", "json"),
        new Figure("ROC, 5 seeds", "plots/roc one.png", svg),
        new Figure("again", "plots/roc.png", svg),
    ]);

    [Test]
    public void Page_as_Markdown() => Golden.Check(MarkdownWriter.Write(Page()));

    [Test]
    public void Page_as_HTML() => Golden.Check(HtmlWriter.Write(Page()));

    [Test]
    public void A_page_is_well_formed_and_asks_for_nothing_from_outside()
    {
        using var drawing = ExamplePlots.Roc("ROC <&>", ExamplePlots.Losses[..3]);
        var html = HtmlWriter.Write(Page(drawing.Svg()));
        var body = html[html.IndexOf("<main>", StringComparison.Ordinal)..html.IndexOf("</body>", StringComparison.Ordinal)];
        Assert.That(() => XDocument.Parse(body), Throws.Nothing);
        var outside = Regex.Matches(html, "https?://[^\"' ]+").Select(match => match.Value).Distinct();
        Assert.That(outside, Is.SubsetOf(new[] { "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink" }), "names of vocabularies only");
        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("<img").And.Not.Contain("\r"));
    }

    [Test]
    public void Pictures_on_one_page_do_not_share_ids()
    {
        using var drawing = ExamplePlots.Roc("ROC", ExamplePlots.Losses[..3]);
        var svg = drawing.Svg();
        Assert.That(Regex.Matches(svg, " id=\"").Count, Is.GreaterThan(0), "the premise: the picture has ids");
        var html = HtmlWriter.Write(Page(svg));
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        var uses = Regex.Matches(html, "url\\(#([^)]+)\\)|href=\"#([^\"]+)\"").Select(match => match.Groups[1].Value + match.Groups[2].Value);
        Assert.That(ids, Is.Unique);
        Assert.That(uses, Is.Not.Empty.And.SubsetOf(ids));
    }
}
