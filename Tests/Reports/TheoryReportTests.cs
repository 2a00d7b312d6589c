using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Tests.Reports;

/// <summary>The theory in a suite's report.</summary>
[Parallelizable]
public sealed class TheoryReportTests
{
    private static readonly string[] Plots = ["theory-angles", "theory-distances", "theory-gap", "theory-motion"];

    [Test]
    public void Theory_of_a_condition()
    {
        using var stored = new StoredSuite();
        ExampleTheory.Save(stored);
        SuiteReport.Write(stored.Suite, stored.Store);
        var page = stored.Text("report.md");
        var from = page.IndexOf("### Theory, measured", StringComparison.Ordinal);
        Golden.Check(page[from..page.IndexOf("\n## ", from, StringComparison.Ordinal)]);
    }

    [Test]
    public void The_same_store_gives_the_same_plots()
    {
        using var stored = new StoredSuite();
        ExampleTheory.Save(stored);
        SuiteReport.Write(stored.Suite, stored.Store);
        var first = Written(stored);
        Assert.That(first, Has.Count.EqualTo(2 * 3 * Plots.Length), "two conditions, PNG, SVG and PDF");
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(Written(stored), Is.EqualTo(first));
    }

    [Test]
    public void A_report_without_theory_has_no_section_for_it()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Not.Contain("Theory, measured"));
        Assert.That(Written(stored), Is.Empty);
    }

    [Test]
    public void Missing_values_of_a_seed_are_left_out_of_the_mean()
    {
        using var stored = new StoredSuite();
        foreach (var ((trial, output), number) in stored.Outputs().Select((one, i) => (one, i)))
            stored.Store.Save(trial.Label == "ArcFace" && trial.Spec.Seed < 3
                ? ExampleTheory.With(output, number % 7, isHinge: false) : output);
        SuiteReport.Write(stored.Suite, stored.Store);
        var lines = stored.Text("report.md").Split('\n').ToList();
        var table = lines.GetRange(lines.FindIndex(line => line.StartsWith("**Theory, measured", StringComparison.Ordinal)), 8);
        Assert.That(table.Single(line => line.StartsWith("| ArcFace", StringComparison.Ordinal)),
            Does.Contain("n = 2").And.Not.Contain("n = 3"));
        Assert.That(table.Single(line => line.StartsWith("| Npt", StringComparison.Ordinal)), Does.Match(@"^\| Npt( \| n/a){14} \|$"));
    }

    [Test]
    public void Lines_over_time_are_means_over_seeds_up_to_the_shortest()
    {
        using var stored = new StoredSuite();
        var trials = stored.Outputs().Where(one => one.Trial.Label == "ArcFace").Take(2)
            .Select((one, number) => ExampleTheory.With(one.Output, number, isHinge: false) is var output
            ? new StoredTrial(one.Trial, output.Result.Id, output.Result, null, TrialHistory.Of(number == 0
                ? output.History : [.. output.History.Take(4)]), [], []) : null).OfType<StoredTrial>().ToList();
        var row = new TheoryRow("ArcFace", trials);
        var (own, nearest, gap) = (TheoryPlots.OwnMedian(row), TheoryPlots.NearestMedian(row), TheoryPlots.GapShare(row));
        Assert.Multiple(() =>
        {
            Assert.That(own.X, Is.EqualTo(new double[] { 1, 2, 3, 4, 5 }));
            Assert.That(own.Y, Is.EqualTo(new[] { 79.5, 69.5, 59.5, 49.5, double.NaN }));
            Assert.That((own.Low![0], own.High![0]), Is.EqualTo((79.0, 80.0)));
            Assert.That(nearest.Y[..4], Is.All.EqualTo(75));
            Assert.That(gap.Y[..2], Is.EqualTo(new[] { 0.25, 0.125 }).Within(1e-12), "0.05 / 0.2, then half of it");
        });
    }

    [Test]
    public void Distances_are_shares_of_pairs_at_the_centres_of_their_bins()
    {
        using var stored = new StoredSuite();
        var (plan, output) = stored.Outputs().First(one => one.Trial.Label == "Npt");
        var result = ExampleTheory.With(output, 0, isHinge: true).Result;
        var trial = new StoredTrial(plan, result.Id, result, null, TrialHistory.None, [], []);
        var series = TheoryPlots.DistanceShares([new TheoryRow("Npt", [trial])]).Single();
        // one pair in bin 18, 20 in bin 20, 7 in bin 23
        Assert.That(series.X, Is.EqualTo(Enumerable.Range(17, 8).Select(bin => 0.1 * bin + 0.05)).Within(1e-12));
        Assert.That(series.Y, Is.EqualTo(new[] { 0, 1 / 28.0, 0, 20 / 28.0, 0, 0, 7 / 28.0, 0 }).Within(1e-12));
    }

    private static SortedDictionary<string, string> Written(StoredSuite stored) =>
        new(Directory.GetFiles(Path.Combine(stored.Store.Folder, "plots"), "theory-*")
        .ToDictionary(path => Path.GetFileName(path),
            path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))), StringComparer.Ordinal);
}
