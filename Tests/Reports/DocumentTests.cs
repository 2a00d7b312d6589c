using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Tests.Reports.Plots;

namespace Ablation.Tests.Reports;

[Parallelizable]
public sealed class DocumentTests
{
    private const string Nasty = "<script>alert('x')</script> & \"q\" | *b* _i_ `c` [l](u) $m$";

    private static Document Page(string? svg = null) => new("Losses & <margins>",
    [
        new Heading(2, "Results #1"),
        new Paragraph(Nasty),
        new Paragraph("1. is no list"),
        new Statement("Softmax_1 is *better*"),
        new Note("- nor is this"),
        new Note("NOT PAIRED: some"),
        new Details("3 logs <of> many", [new Code("error: <none>"), new Paragraph("- inside")]),
        new TableBlock(TextTable.Build(ExampleTable.Make())),
        new TableBlock(TextTable.Plain("", ["setting", "value"], [["margin|radians", "0.5"]])),
        new TableBlock(Linked()),
        new Code("a < b && c\n```\n", "json"),
        new Figure("ROC, 5 seeds", "plots/roc one.png", svg),
        new Figure("again", "plots/roc.png", svg),
    ]);

    /// <summary>A table whose numbers link to trials, and trials that link to files.</summary>
    private static TextTable Linked() => new("linked", [new("loss"), new("figure", IsNumber: true)],
    [
        [new("a"), new("0.50", Details: ["n = 2", "better"]) { Value = 0.5,
            Trials = [new TrialLink(1, "x1", "c0ffee"), new TrialLink(2, "x2", "c0ffee")] }],
        [new("b") { Links = [new TextLink("files & more", "trials/x1/a%20b.json")] }, new("n/a")],
    ])
    {
        Losses = ["a", "no loss"],
        Anchors = ["trial-x1", "trial-x2"],
    };

    [Test]
    public void Page_as_Markdown() => Golden.Check(MarkdownWriter.Write(Page()));

    [Test]
    public void Page_as_HTML() => Golden.Check(WithoutAssets(HtmlWriter.Write(Page() with { Losses = ["a", "b"] })));

    [Test]
    public void A_page_is_well_formed_and_loads_nothing_from_outside()
    {
        using var drawing = ExamplePlots.Roc("ROC <&>", ExamplePlots.Losses[..3]);
        var html = HtmlWriter.Write(Page(drawing.Svg()));
        var body = html[html.IndexOf("<div class=\"page\">", StringComparison.Ordinal)..html.IndexOf("</body>", StringComparison.Ordinal)];
        Assert.That(() => XDocument.Parse(body), Throws.Nothing);
        var outside = Regex.Matches(html, "https?://[^\"' ]+").Select(match => match.Value).Distinct();
        Assert.That(outside, Is.SubsetOf(new[] { "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink" }),
            "only XML namespaces");
        Assert.That(html, Does.Not.Contain("<img").And.Not.Contain("\r").And.Not.Contain("<link").And.Not.Contain(" src="));
        Assert.That(Regex.Matches(body, "<(?:[^<>]* (?:on[a-z]+|style)=|style|script)"), Is.Empty, "the policy blocks them");
    }

    [Test]
    public void The_policy_allows_only_style_and_script_by_their_hashes()
    {
        var html = HtmlWriter.Write(Page());
        var policy = WebUtility.HtmlDecode(Regex.Match(html, "Content-Security-Policy\" content=\"([^\"]+)\"").Groups[1].Value);
        Assert.That(policy, Does.StartWith("default-src 'none'; ").And.Not.Contain("unsafe").And.Not.Contain("http").And.Not.Contain("*"));
        foreach (var element in new[] { "style", "script" })
        {
            var content = Regex.Match(html, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline).Groups[1].Value;
            Assert.That(policy,
                Does.Contain($"{element}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}';"));
        }
    }

    /// <summary>Removes style and script, which the browser tests cover.</summary>
    private static string WithoutAssets(string html) =>
        Regex.Replace(Regex.Replace(html, "<(style|script)>.*?</\\1>", "<$1>...</$1>", RegexOptions.Singleline), "sha256-.*?(?=&#x27;)",
            "sha256-...");

    [Test]
    public void Pictures_on_one_page_do_not_share_ids()
    {
        using var drawing = ExamplePlots.Roc("ROC", ExamplePlots.Losses[..3]);
        var svg = drawing.Svg();
        Assert.That(Regex.Matches(svg, " id=\"").Count, Is.GreaterThan(0), "premise: the picture has ids");
        var html = HtmlWriter.Write(Page(svg));
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        var uses = Regex.Matches(html, "url\\(#([^)]+)\\)|href=\"#([^\"]+)\"")
            .Select(match => match.Groups[1].Value + match.Groups[2].Value);
        Assert.That(ids, Is.Unique);
        Assert.That(uses, Is.Not.Empty.And.SubsetOf(ids));
    }
}
