using System.Net;
using System.Text.RegularExpressions;

namespace Ablation.Tests.Reports.Page;

/// <summary>A page of usual size in a real browser, in windows of 400, 1000 and 1600 px, in both themes.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class FullPageTests
{
    private const int MostBytes = 600_000;
    private const string Naming = WindowWidths.Naming;

    private FullSuite full = null!;
    private Browser browser = null!;

    [OneTimeSetUp]
    public void Write()
    {
        browser = new Browser();
        full = new FullSuite();
    }

    [OneTimeTearDown]
    public void Remove()
    {
        full?.Dispose();
        browser?.Dispose();
    }

    [Test]
    public void It_is_small_and_says_nothing_on_the_console()
    {
        Assert.That(full.Page, Has.Length.LessThan(MostBytes));
        Assert.That(browser.Open(full.Page, 1600).Console, Is.Empty);
    }

    [Test]
    public void It_is_never_wider_than_its_window_and_wide_tables_show_a_hint() => Check(WindowWidths.Fits + """
        for (const box of document.querySelectorAll(".box")) {
          const hint = box.previousElementSibling;
          if ((box.scrollWidth > box.clientWidth + 4) !== seen(hint)) found.push(`${box.getAttribute("aria-label")}: hint`);
          if (getComputedStyle(box).overflowX !== "auto") found.push(`${named(box)} does not scroll`);
        }
        if (innerWidth === 400 && !document.querySelector(".hint:not([hidden])")) found.push("premise: something scrolls at 400 px");
        return found;
        """);

    [Test]
    public void Heads_of_tables_stay_in_their_cells() => Check(WindowWidths.HeadsFit);

    [Test]
    public void Axes_lie_over_their_forests() => Check(WindowWidths.AxesFit);

    [Test]
    public void No_type_is_smaller_than_ten_pixels() => Check(Naming + """
        const found = [];
        for (const one of texts) {
          const scale = one.getScreenCTM?.()?.a ?? 1;
          const size = parseFloat(getComputedStyle(one).fontSize) * scale;
          if (size < 10) found.push(`${named(one)}: ${size.toFixed(1)} px`);
        }
        if (texts.length < 300) found.push(`premise: the page has text, ${texts.length}`);
        return found;
        """);

    [Test]
    public void Nothing_of_a_drawing_is_clipped() => Check(Naming + """
        const found = [];
        for (const text of document.querySelectorAll("svg.panel text, svg.forest text, .axis text, .axis-line text")) {
          if (!seen(text)) continue;
          const [own, svg] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
          const box = text.closest(".box");
          const right = box ? Math.max(svg.right, box.getBoundingClientRect().left + box.scrollWidth - box.scrollLeft) : innerWidth;
          if (own.right > right + 1) found.push(`${named(text)} ends ${(own.right - right).toFixed(0)} px too far right`);
          if (own.left < -1) found.push(`${named(text)} begins left of the window`);
          if (text.closest("svg.panel") && (own.top < svg.top - 3 || own.bottom > svg.bottom + 3)) found.push(`${named(text)} is above or below`);
        }
        const ends = [...document.querySelectorAll("svg.panel")].map(svg => [...svg.querySelectorAll(":scope > g[data-loss] text")].filter(text => text.ownerSVGElement === svg));
        for (const labels of ends) {
          const boxes = labels.map(label => label.getBoundingClientRect()).sort((a, b) => a.top - b.top);
          boxes.forEach((one, i) => { if (i > 0 && one.top < boxes[i - 1].bottom - 3) found.push(`labels of ${labels[i].textContent} overlap`); });
        }
        return found;
        """);

    [TestCase("light")]
    [TestCase("dark")]
    public void Text_stands_out_from_its_background(string theme) => Check($$"""
        document.documentElement.dataset.theme = "{{theme}}";
        {{Naming}}
        const found = [];
        const parse = text => {
          const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          canvas.fillStyle = text;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        };
        const known = new Map();
        const colour = text => known.get(text) ?? known.set(text, parse(text)).get(text);
        const light = ([r, g, b]) => [r, g, b].map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
          .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
        const under = one => {
          for (let at = one; at; at = at.parentElement) {
            const back = getComputedStyle(at).backgroundColor;
            if (colour(back)[3] === 255) return colour(back);
          }
          return [255, 255, 255, 255];
        };
        for (const one of texts) {
          const style = getComputedStyle(one);
          const [a, b] = [light(colour(one.ownerSVGElement ? style.fill : style.color)), light(under(one.ownerSVGElement ?? one))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) found.push(`${named(one)}: ${contrast.toFixed(2)}`);
        }
        const back = light(colour(getComputedStyle(document.body).backgroundColor));
        if ((back > 0.5) !== ("{{theme}}" === "light")) found.push("premise: the theme");
        return found;
        """);

    [Test]
    public void The_keyboard_reaches_every_control() => Check(Naming + """
        const found = [];
        const controls = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")].filter(one => seen(one) && !one.closest("[popover]"));
        if (controls.length < 60) found.push(`premise: there are controls, ${controls.length}`);
        for (const one of controls) {
          one.focus({ preventScroll: true });
          if (document.activeElement !== one) found.push(`${named(one)} cannot have the focus`);
          else if (one.matches(":focus-visible") && getComputedStyle(one).outlineStyle === "none") found.push(`${named(one)} does not show the focus`);
          if (one.tabIndex < 0) found.push(`${named(one)} is no stop of the Tab key`);
        }
        return found;
        """);

    [Test]
    public void Without_its_script_everything_is_there_and_nothing_waits_for_it()
    {
        var (dom, console) = browser.Open(Regex.Replace(full.Page, "<script>.*?</script>", "", RegexOptions.Singleline), 1000);
        Assert.That(console, Is.Empty);
        foreach (var word in new[] { full.Suite.Question, "frontal pairs", "Npt", "Glossary", "TAR at a FAR" })
            Assert.That(WebUtility.HtmlDecode(dom), Does.Contain(word));
        Assert.That(dom, Does.Not.Contain("class=\"js\""));
        Assert.That(Regex.Count(dom, "<svg class=\"panel"), Is.GreaterThan(20));
    }

    [Test]
    public void Every_figure_has_a_title_of_its_own()
    {
        var titles = Regex.Matches(full.Page, "class=\"figure-title[^>]*>([^<]+)<").Select(match => match.Groups[1].Value).ToList();
        Assert.That(titles, Has.Count.GreaterThan(8).And.Unique);
        Assert.That(titles, Has.One.StartWith("frontal pairs: at FAR 10 % Npt accepts "));
    }

    private void Check(string script) => WindowWidths.Check(browser, full.Page, script);
}
