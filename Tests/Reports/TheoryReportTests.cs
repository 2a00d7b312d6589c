using Ablation.Experiments.Reports;

namespace Ablation.Tests.Reports;

/// <summary>The theory in a suite's report.</summary>
public sealed class TheoryReportTests
{
    private static readonly string[] Plots = ["theory-angles", "theory-distances", "theory-gap"];

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
        Assert.That(first, Has.Count.EqualTo(2 * 2 * Plots.Length), "two conditions, PNG and SVG");
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(Written(stored), Is.EqualTo(first));
    }

    [Test]
    public void A_store_without_theory_says_nothing_of_it()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Not.Contain("Theory, measured"));
        Assert.That(Written(stored), Is.Empty);
    }

    [Test]
    public void What_a_seed_has_not_counts_in_no_mean()
    {
        using var stored = new StoredSuite();
        foreach (var ((trial, output), number) in stored.Outputs().Select((one, i) => (one, i)))
            stored.Store.Save(trial.Label == "ArcFace" && trial.Spec.Seed < 3 ? ExampleTheory.With(output, number % 7, isHinge: false) : output);
        SuiteReport.Write(stored.Suite, stored.Store);
        var lines = stored.Text("report.md").Split('\n').ToList();
        var table = lines.GetRange(lines.FindIndex(line => line.StartsWith("**Theory, measured", StringComparison.Ordinal)), 8);
        Assert.That(table.Single(line => line.StartsWith("| ArcFace", StringComparison.Ordinal)), Does.Contain("n = 2").And.Not.Contain("n = 3"));
        Assert.That(table.Single(line => line.StartsWith("| Npt", StringComparison.Ordinal)), Does.Match(@"^\| Npt( \| n/a){13} \|$"));
    }

    private static SortedDictionary<string, string> Written(StoredSuite stored) => new(Directory.GetFiles(Path.Combine(stored.Store.Folder, "plots"), "theory-*")
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))), StringComparer.Ordinal);
}
