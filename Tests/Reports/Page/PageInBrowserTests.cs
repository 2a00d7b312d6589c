using System.Text.RegularExpressions;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Tests.Reports.Plots;
using SkiaSharp;

namespace Ablation.Tests.Reports.Page;

/// <summary>Pages in a real browser. Each test opens it once or twice.</summary>
[Category("Slow")]
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
        Assert.That(html, Does.Contain("<div id=\"controls\" hidden"), "hidden without the script");
        Assert.That(dom, Does.Contain("<div id=\"controls\">"));
        Assert.That(Regex.Count(dom, "<input type=\"checkbox\""), Is.EqualTo(4));
        Assert.That(Regex.Count(dom, "class=\"sort\""), Is.EqualTo(Regex.Count(html, "<th scope=\"col\"")),
            "every heading of a sortable table");
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
            const order = () => [...table.tBodies[0].rows].map(row => row.cells[0].textContent).join("") + " " + heads.map(head => head.getAttribute("aria-sort") ?? "-").join(" ");
            for (const column of [1, 1, 1, 2, 2, 1, 0]) { heads[column].querySelector("button").click(); say(order()); }
            """);
        Assert.That(lines, Is.EqualTo(new[]
        {
            "ecadb - ascending -", "adceb - descending -", "abcde - - -", "cdaeb - - ascending", "aecdb - - descending",
                "ecadb - ascending -", "abcde ascending - -",
        }), "equal values keep their order, 9 is before 10, n/a is last both ways");
    }

    [Test]
    public void A_switch_hides_only_the_rows_and_marks_of_its_loss()
    {
        using var drawing = ExamplePlots.Roc("ROC", ExamplePlots.Losses[..3]);
        var names = ExamplePlots.Losses[..3];
        var table = Sorted with { Rows = [.. Sorted.Rows.Take(3)], Losses = names, Anchors = [] };
        var page = new Document("page",
            [new Heading(2, "one"), new TableBlock(table), new Figure("ROC", "roc.png", drawing.Svg()),
                new Figure("heat", "heat.png", drawing.Svg()) { FollowsPage = false }])
        { Losses = names };
        var lines = Drive(page, """
            const shown = selector => [...document.querySelectorAll(selector)].filter(one => getComputedStyle(one).display !== "none").length;
            const count = () => [0, 1, 2].map(i => `${shown(`tr[data-loss="${i}"]`)}/${shown(`svg [data-loss="${i}"]`) > 2 ? "marks" : shown(`svg [data-loss="${i}"]`)}`).join(" ");
            const box = document.querySelectorAll('input[name="loss"]')[1];
            say(count()); box.click(); say(count()); say(document.getElementById("hidden-losses").textContent); box.click(); say(count());
            say(document.querySelectorAll("figure")[1].querySelectorAll("[data-loss], .fi").length);
            say([...document.querySelectorAll("figure")[0].querySelectorAll('text[data-loss="1"]')].map(text => text.textContent.trim()).join());
            """);
        Assert.That(lines,
            Is.EqualTo(new[] { "1/marks 1/marks 1/marks", "1/marks 0/0 1/marks", $"Hidden in tables and plots: {names[1]}.",
                "1/marks 1/marks 1/marks", "0", names[1] }));
    }

    [Test]
    public void The_theme_lasts_for_the_session_and_a_number_opens_its_trials()
    {
        var cell = new TextCell("1", Details: ["sd 0, n = 2"])
        {
            Value = 1,
            Trials = [new TrialLink(7, "a", "c0ffee"), new TrialLink(8, "b", "c0ffee")]
        };
        var linked = new TextTable("", [new("loss"), new("figure", IsNumber: true)],
            [[new TextCell("a"), cell], [new TextCell("b"), cell]]);
        var lines = Drive(new Document("page", [new TableBlock(linked), new TableBlock(Sorted)]), """
            const back = () => getComputedStyle(document.body).backgroundColor;
            document.querySelector('input[value="dark"]').click(); say(back() + " " + sessionStorage.getItem("theme"));
            document.querySelector('input[value="light"]').click(); say(back() + " " + sessionStorage.getItem("theme"));
            const list = document.querySelector("[popover]"), open = () => list.matches(":popover-open");
            say(document.querySelectorAll("[popover]").length + " " + open());
            document.querySelectorAll("button.trials")[1].click(); say(open());
            say([...list.querySelectorAll("a")].map(a => a.textContent + " " + (document.querySelector(a.getAttribute("href")).cells[0].textContent)).join());
            list.querySelector("a").click(); say(open() + " " + location.hash);
            """);
        Assert.That(lines,
            Is.EqualTo(new[] { "rgb(15, 19, 24) dark", "rgb(255, 255, 255) light", "1 false", "true", "seed 7: a a,seed 8: b b",
                "false #trial-a" }));
    }

    [Test]
    public void No_page_is_wider_than_its_window_or_blank()
    {
        using var browser = new Browser();
        using var known = new KnownSuite(16, 32).Save();
        var html = File.ReadAllText(SuiteReport.Write(known.Suite, known.Store));
        var framed = Browser.WithScript(html,
            "addEventListener('load', () => parent.postMessage(innerWidth + ' ' + (document.documentElement.scrollWidth <= innerWidth), " +
            "'*'))").Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);
        var frames = string.Concat(new[] { 400, 1000,
            1600 }.Select(width => $"<iframe style=\"width:{width}px;height:900px;border:0\" srcdoc=\"{framed}\"></iframe>"));
        var (dom, _) =
            browser.Open(
                $"<!DOCTYPE html><script>addEventListener('message', e => document.body.append('<' + e.data + " +
                $"'>'))</script><body>{frames}</body>", 1700);
        Assert.That(Regex.Matches(dom, "&lt;(\\d+ \\w+)&gt;")
            .Select(match => match.Groups[1].Value), Is.EquivalentTo(new[] { "400 true", "1000 true", "1600 true" }));

        foreach (var (theme, isLight) in new[] { ("light", true), ("dark", false) })
        {
            using var picture = SKBitmap.Decode(browser.Screenshot(html.Replace("<html lang=\"en\">",
                $"<html lang=\"en\" data-theme=\"{theme}\">", StringComparison.Ordinal)
                .Replace("show(stored(\"theme\"));", $"show(\"{theme}\");", StringComparison.Ordinal)
                .Replace("script-src 'sha256-", "script-src 'unsafe-inline' 'x", StringComparison.Ordinal), 1000, 1200));
            Assert.That((picture.Width, picture.Height), Is.EqualTo((1000, 1200)));
            Assert.That(picture.GetPixel(2, 2).Red, isLight ? Is.GreaterThan(240) : Is.LessThan(40));
            var colours = Enumerable.Range(0, 100).SelectMany(y => Enumerable.Range(0, 100).Select(x => picture.GetPixel(10 * x, 12 * y)))
                .Distinct().Count();
            Assert.That(colours, Is.GreaterThan(20), "text, lines and marks of several losses");
        }
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
