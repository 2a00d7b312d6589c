using System.Text.RegularExpressions;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Tables;
using Ablation.Tests.Reports.Plots;
using SkiaSharp;

namespace Ablation.Tests.Reports.Page;

/// <summary>Pages in a real browser. Each test opens it once or twice.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class PageInBrowserTests
{
    private static readonly TextTable Sorted = new("by number", [new("loss"), new("figure", IsNumber: true), new("word")],
    [
        Row("a", 10, "item 10"), Row("b", null, "n/a"), Row("c", 9, "item 9"), Row("d", 10, "item 9"), Row("e", -1, "item 10"),
    ])
    {
        Losses = ["a", "b", "c", "d", "e"],
        Anchors = ["trial-a", "trial-b", "trial-c", "trial-d", "trial-e"],
    };

    [Test]
    public void A_report_shows_its_controls_without_console_messages()
    {
        using var browser = new Browser();
        using var known = new KnownSuite(16, 32).Save(trial => trial.Spec.Seed < 3 ? KnownSuite.Wrong(trial) : null);
        var html = File.ReadAllText(SuiteReport.Write(known.Suite, known.Store));
        var (dom, console) = browser.Open(html);
        Assert.That(console, Is.Empty);
        Assert.That(html, Does.Contain("<html lang=\"en\">"), "without the script its controls stay hidden");
        Assert.That(dom, Does.Contain("<html lang=\"en\" class=\"js\">"));
        Assert.That(Regex.Count(dom, "data-focus-loss="), Is.EqualTo(4));
        Assert.That(Regex.Count(dom, "aria-label=\"sort by"), Is.GreaterThan(20));
        var (empty, errors) = browser.Open(html.Replace("</body>", "<script>document.title = 'run'</script></body>",
            StringComparison.Ordinal));
        Assert.That(empty, Does.Not.Contain("<title>run"), "a script without a hash in the policy");
        Assert.That(errors, Has.Count.EqualTo(1).And.One.Contains("Content Security Policy"));
    }

    [Test]
    public void A_heading_sorts_up_down_and_back_with_n_a_last()
    {
        var lines = Drive(Page(Sorted), """
            const table = document.querySelector("table"), heads = [...table.tHead.rows[0].cells];
            const order = () => [...table.tBodies[0].rows].map(row => row.cells[0].textContent.trim()).join("") + " " + heads.map(head => head.getAttribute("aria-sort") ?? "-").join(" ");
            for (const column of [1, 1, 1, 2, 2, 1, 0]) { heads[column].querySelector("button").click(); say(order()); }
            """);
        Assert.That(lines, Is.EqualTo(new[]
        {
            "ecadb - ascending -", "adceb - descending -", "abcde - - -", "cdaeb - - ascending", "aecdb - - descending",
                "ecadb - ascending -", "abcde ascending - -",
        }), "equal values keep their order, 9 is before 10, n/a is last both ways");
    }

    [Test]
    public void A_loss_singled_out_makes_all_marks_of_the_others_pale_until_Escape()
    {
        using var drawing = ExamplePlots.Roc("ROC", ExamplePlots.Losses[..3]);
        var names = ExamplePlots.Losses[..3];
        var table = Sorted with { Rows = [.. Sorted.Rows.Take(3)], Losses = names, Anchors = [] };
        var page = new Document("page",
            [new Heading(2, "one"), new TableBlock(table), new Figure("ROC", "roc.png", drawing.Svg()),
                new Figure("heat", "heat.png", drawing.Svg()) { FollowsPage = false }])
        { Losses = names };
        var lines = Drive(page, """
            const pale = one => one.matches(".focus [data-loss]:not(.lit)");
            const count = () => [0, 1, 2].map(i => ["main tr", "main svg"].map(where => [...document.querySelectorAll(`${where}[data-loss="${i}"], ${where} path[data-loss="${i}"]`)])
              .map(marks => marks.length === 0 ? "none" : marks.every(pale) ? "pale" : marks.some(pale) ? "both" : "full").join("/")).join(" ");
            const buttons = [...document.querySelectorAll("[data-focus-loss]")];
            say(count()); buttons[1].click(); say(count() + " " + buttons.map(button => button.getAttribute("aria-pressed")).join());
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })); say(count());
            buttons[2].click(); buttons[2].click(); say(count());
            say(document.querySelectorAll("figure")[1].querySelectorAll("[data-loss], .fill-ink").length);
            say([...document.querySelectorAll("figure")[0].querySelectorAll('text[data-loss="1"]')].length);
            """);
        Assert.That(lines,
            Is.EqualTo(new[] { "full/full full/full full/full", "pale/pale full/full pale/pale false,true,false",
                "full/full full/full full/full",
                "full/full full/full full/full", "0", "0" }),
                    "a name stands after its value, so that only colours identify marks of a picture");
    }

    [Test]
    public void The_theme_lasts_for_the_session_and_a_row_opens_its_trials()
    {
        var value = new ResultValue("1", "", "1.00; n = 2") { Value = 1 };
        IReadOnlyList<TrialLink> trials = [new TrialLink(7, "a", "c0ffee"), new TrialLink(8, "b", "c0ffee")];
        var block = new ResultBlock("results", "a", [new ResultHead("test", "figure", "", null)],
            [new ResultLine("a", "a", [value], trials), new ResultLine("b", "b", [value], trials)], "n = 2");
        var lines = Drive(new Document("page", [block, new TableBlock(Sorted)]), """
            const back = () => getComputedStyle(document.body).backgroundColor;
            document.querySelector('[data-theme-choice="dark"]').click(); say(back() + " " + sessionStorage.getItem("theme"));
            document.querySelector('[data-theme-choice="light"]').click(); say(back() + " " + sessionStorage.getItem("theme"));
            const list = document.querySelectorAll("[popover]")[1], open = () => list.matches(":popover-open");
            say(document.querySelectorAll("[popover]").length + " " + open());
            document.querySelectorAll("button.trials")[1].click(); say(open());
            say([...list.querySelectorAll("a")].map(a => a.textContent + " " + (document.querySelector(a.getAttribute("href")).cells[0].textContent.trim())).join());
            list.querySelector("a").click(); say(open() + " " + location.hash);
            """);
        Assert.That(lines,
            Is.EqualTo(new[] { "rgb(18, 21, 25) dark", "rgb(255, 255, 255) light", "2 false", "true", "seed 7: a a,seed 8: b b",
                "false #trial-a" }));
    }

    [TestCase("light")]
    [TestCase("dark")]
    public void No_page_is_blank(string theme)
    {
        using var browser = new Browser();
        using var known = new KnownSuite(16).Save();
        var html = File.ReadAllText(SuiteReport.Write(known.Suite, known.Store));
        using var picture = SKBitmap.Decode(browser.Screenshot(
            html.Replace("<html lang=\"en\">", $"<html lang=\"en\" data-theme=\"{theme}\">", StringComparison.Ordinal)
                .Replace("show(stored(\"theme\"));", $"show(\"{theme}\");", StringComparison.Ordinal)
                .Replace("script-src &#x27;sha256-", "script-src &#x27;unsafe-inline&#x27; &#x27;x", StringComparison.Ordinal), 1000,
                    1200));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1000, 1200)));
        Assert.That(picture.GetPixel(2, 600).Red, theme == "light" ? Is.GreaterThan(240) : Is.LessThan(40));
        var colours = Enumerable.Range(0, 100).SelectMany(y => Enumerable.Range(0, 100).Select(x => picture.GetPixel(10 * x, 12 * y)))
            .Distinct().Count();
        Assert.That(colours, Is.GreaterThan(20), "text, lines and marks of several losses");
    }

    private static IReadOnlyList<TextCell> Row(string name, double? figure, string word) =>
        [new(name), new(figure is null ? ValueFormat.Missing : $"{figure:F1}") { Value = figure }, new(word)];

    private static Document Page(TextTable table) => new("page", [new TableBlock(table)]);

    /// <summary>Returns the output lines of a script on the page; an error on the page fails the test.</summary>
    private static List<string> Drive(Document page, string script)
    {
        using var browser = new Browser();
        var driven = $$"""
            addEventListener("load", () => {
              const said = document.body.appendChild(document.createElement("pre"));
              const say = text => said.append(`said ${text}\n`);
              {{script}}
            });
            """;
        var (dom, console) = browser.Open(Browser.WithScript(HtmlWriter.Write(page), driven));
        Assert.That(console, Is.Empty);
        return [.. Regex.Matches(dom, "(?<=^|>)said (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)
            .Where(line => !line.Contains("${text}", StringComparison.Ordinal))];
    }
}
