using System.Net;
using System.Text.RegularExpressions;

namespace Ablation.Tests.Reports.Page;

/// <summary>Runs a check on a page in windows of 400, 1000 and 1600 px.</summary>
internal static class WindowWidths
{
    private static readonly int[] All = [400, 1000, 1600];

    /// <summary>Names an element in a message, and finds elements with text of their own.</summary>
    public const string Naming = """
        const named = one => `${one.tagName}.${one.getAttribute("class") ?? ""} "${one.textContent.trim().slice(0, 30)}"`;
        const span = box => `${box.left.toFixed(0)} to ${box.right.toFixed(0)}`;
        const seen = one => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
        const texts = [...document.querySelectorAll("body *")].filter(one => seen(one) && !one.closest(".skip, .hidden, defs, title")
          && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== ""));
        """;

    /// <summary>Finds a page that is wider than its window; leaves the list open.</summary>
    public const string Fits = Naming + """
        const found = [];
        if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
        """;

    /// <summary>Finds text in the head of a table that leaves its cell, and so lies over its neighbour's.</summary>
    public const string HeadsFit = Naming + """
        const found = [];
        const heads = texts.filter(one => one.closest("thead th") && !one.ownerSVGElement);
        if (heads.length < 3) found.push(`premise: tables have heads, ${heads.length}`);
        for (const one of heads) {
          const [range, cell] = [document.createRange(), one.closest("th").getBoundingClientRect()];
          for (const node of [...one.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim() !== "")) {
            range.selectNodeContents(node);
            const own = range.getBoundingClientRect();
            if (own.left < cell.left - 1 || own.right > cell.right + 1)
              found.push(`${named(one)} leaves its cell: ${span(own)} of ${span(cell)}`);
          }
        }
        return found;
        """;

    /// <summary>Finds axes of forests that do not lie over their forests.</summary>
    public const string AxesFit = Naming + """
        const found = [];
        const tables = [...document.querySelectorAll("table.main")];
        if (tables.length === 0) found.push("premise: a table with forests");
        for (const table of tables) {
          const axes = [...table.tHead.querySelectorAll(".forest-head .axis svg")];
          for (const row of table.tBodies[0].rows) {
            [...row.querySelectorAll("td.forest")].forEach((cell, i) => {
              const [axis, forest] = [axes[i].getBoundingClientRect(), cell.querySelector("svg.forest")?.getBoundingClientRect()];
              if (forest && (Math.abs(axis.left - forest.left) > 1 || Math.abs(axis.right - forest.right) > 1))
                found.push(`${named(row)} column ${i}: ${span(forest)} below ${span(axis)}`);
            });
          }
        }
        return found;
        """;

    /// <summary>Runs the body of a function that returns what is wrong, once per width.</summary>
    public static void Check(Browser browser, string page, string script)
    {
        var asked = Browser.WithScript(page, $$"""
            const check = () => { {{script}} };
            addEventListener("load", () => setTimeout(() => {
              let found;
              try { found = check(); } catch (error) { found = [`the check failed: ${error}`]; }
              parent.postMessage(JSON.stringify([innerWidth, [...new Set(found)].slice(0, 12)]), "*");
            }, 50));
            """);
        var framed = WebUtility.HtmlEncode(asked);
        var frames = string.Concat(All.Select(width =>
            $"<iframe style=\"width:{width}px;height:900px;border:0\" srcdoc=\"{framed}\"></iframe>"));
        var (dom, _) = browser.Open("<!DOCTYPE html><script>addEventListener('message', e => { const pre = " +
            "document.createElement('pre'); " +
            $"pre.textContent = 'found ' + e.data; document.body.append(pre); }})</script><body>{frames}</body>", 1700);
        var answers = Regex.Matches(dom, "<pre>found (.*?)</pre>", RegexOptions.Singleline)
            .Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).Order(StringComparer.Ordinal).ToList();
        Assert.That(answers, Is.EqualTo(All.Select(width => $"[{width},[]]").Order(StringComparer.Ordinal)));
    }
}
