using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Reports.Page;
using Ablation.Tests.Reports.Comparing;

namespace Ablation.Tests.Reports.Page;

/// <summary>The page of a comparison and that of all suites in a real browser, with long names.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class OtherPagesInBrowserTests
{
    private const string Long = "short-training-of-four-epochs-on-synthetic-identities";

    [Test]
    public void A_comparison_of_suites_with_long_names_fits()
    {
        using var two = new TwoSuites();
        var both = SideBySide.Of(two.A with { Name = Long }, two.B with { Name = $"{Long}-and-longer" });
        Fits(HtmlWriter.Write(ComparisonPage.Of(both).Page()), WindowWidths.HeadsFit, WindowWidths.AxesFit);
    }

    [Test]
    public void The_page_of_all_suites_fits()
    {
        using var known = new KnownSuite(16).Save();
        known.Suite = known.Suite with { Name = Long };
        SuiteReport.Write(known.Suite, known.Store);
        Directory.CreateDirectory(Path.Combine(known.Results, $"{Long}-begun", "trials"));
        Fits(File.ReadAllText(ResultsIndex.Write(known.Results)), WindowWidths.Fits + """
            if (document.querySelectorAll(".suite-entry").length !== 2) found.push("premise: two suites");
            return found;
            """);
    }

    private static void Fits(string page, params string[] also)
    {
        using var browser = new Browser();
        Assert.That(browser.Open(page, 1000).Console, Is.Empty);
        WindowWidths.Check(browser, page, WindowWidths.Fits + "return found;");
        foreach (var check in also) WindowWidths.Check(browser, page, check);
    }
}
