using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports.Comparing;

/// <summary>Two suites side by side: what was set differently, and what that changes.</summary>
[Parallelizable]
public sealed class ComparisonReportTests
{
    [Test]
    public void The_answer_names_what_was_set_and_what_changed()
    {
        using var two = new TwoSuites();
        var answer = ComparisonPage.Of(two.Both).Answer.Sentences;
        Assert.That(answer[0], Is.EqualTo("With epochs 7 instead of 1, on pairs (accuracy, 10-fold, grid), longer is better than known " +
            "in ArcFace (+3.6 points); 2 losses are open."));
        Assert.That(answer[1], Does.Match(@"^The largest sure change: on pairs, ArcFace of longer is better than that of known by 3\.6 " +
            @"points \(simultaneous 95 % interval \+2\.9 to \+4\.3, p < 0\.001, Sidak over 3 losses, 5 seeds\)\.$"));
    }

    [Test]
    public void Every_format_says_the_same()
    {
        using var two = new TwoSuites();
        using var results = new TemporaryFolder();
        var page = ComparisonReport.Write(two.Both, results.Path);
        Assert.That(page, Is.EqualTo(results.File("compare/known-and-longer/compare.html")));
        var cell = two.Both.Tests.Single().Headline!.Cells.Single(one => one.Loss == "ArcFace");
        var format = two.Both.Tests[0].Headline!.Column.Format;
        var (low, high) = (format.Signed(cell.Comparison.Simultaneous!.Value.Low), format.Signed(cell.Comparison.Simultaneous.Value.High));
        Assert.That(System.Net.WebUtility.HtmlDecode(File.ReadAllText(page)), Does.Contain($"{low} to {high}").And.Contain("▲"));
        Assert.That(File.ReadAllText(Path.ChangeExtension(page, ".md")), Does.Contain($"| {low} to {high} |").And.Contain("| better |"));
        var heads = new[] { "known", "longer" }.Select(side =>
            File.ReadAllText(page).IndexOf($"<th scope=\"colgroup\" colspan=\"1\">{side}</th>", StringComparison.Ordinal));
        Assert.That(heads, Is.Ordered.And.All.Positive, "a value stands below the name of its suite");
        var csv = File.ReadAllLines(Path.ChangeExtension(page, ".csv"));
        var fields = csv.Single(line => line.Contains(",ArcFace,accuracy,\"10-fold, grid\"", StringComparison.Ordinal)).Split(',');
        Assert.That(fields, Does.Contain($"{cell.Comparison.Difference:R}").And.Contain("better").And.Contain("Sidak"));
        Assert.That(string.Join('\n', ComparisonReport.Lines(two.Both, TerminalLook.OfFile)),
            Does.Match($@"ArcFace +94\.8 +98\.4 +5 +\+3\.6 +\{low} to \{high} +< 0\.001 +better"));
        Assert.That(csv, Has.Length.EqualTo(1 + 3 * two.Both.Tests[0].Figures.Count));
        var first = File.ReadAllBytes(page);
        ComparisonReport.Write(two.Both, results.Path);
        Assert.That(File.ReadAllBytes(page), Is.EqualTo(first));
    }

    [Test]
    public void Settings_are_a_difference()
    {
        using var two = new TwoSuites();
        Assert.That(ChangedSettings.Between(two.A, two.B), Is.EqualTo(new[] { new ChangedSetting("trainings.epochs", "1", "7") }));
        Assert.That(ChangedSettings.Origins(two.A, two.B),
            Is.EqualTo(new[] { new ChangedSetting("commit", "0123456789ab", "fedcba987654") }));
        using var margin = new TwoSuites(change: suite => suite with
        {
            Losses = [suite.Losses[0], new Ablation.Losses.ArcFaceOptions { MarginRadians = 0.25 }],
            Seeds = [1, 2, 3],
        });
        var changed = ChangedSettings.Between(margin.A, margin.B);
        Assert.That(changed, Is.EqualTo(new[]
        {
            new ChangedSetting("ArcFace: marginRadians", "0.5", "0.25"),
            new ChangedSetting("losses", "Softmax, ArcFace, Npt", "Softmax, ArcFace"),
            new ChangedSetting("seeds", "1, 2, 3, 4, 5", "1, 2, 3"),
        }));
        using var order = new TwoSuites(change: suite => suite with { Losses = [.. suite.Losses.Reverse()] });
        Assert.That(ChangedSettings.Between(order.A, order.B), Is.Empty, "the order of losses is no setting");
        Assert.That(margin.Both.OnlyA, Is.EqualTo(new[] { "Npt" }));
        Assert.That(margin.Both.Tests[0].Headline!.Cells.Select(cell => cell.Comparison.N),
            Is.All.EqualTo(3), "of the seeds that both have");
    }

    [Test]
    public void Without_a_common_seed_nothing_is_judged()
    {
        using var two = new TwoSuites(change: suite => TwoSuites.Longer(suite) with { Seeds = [6] });
        Assert.That(ComparisonPage.Of(two.Both).Answer.Text, Does.StartWith("Not paired: known and longer have no seed in common"));
        Assert.That(two.Both.Tests[0].Headline!.Cells.Select(cell => cell.Comparison.Verdict),
            Is.All.EqualTo(Verdict.NoCommonSeed));
        Assert.That(HtmlWriter.Write(ComparisonPage.Of(two.Both).Page()), Does.Contain("no seed in common"));
    }

    [Test]
    public void The_same_trials_are_no_change()
    {
        using var two = new TwoSuites();
        var both = SideBySide.Of(two.A, two.A with { Name = "copy" });
        Assert.That(ComparisonPage.Of(both).Answer.Text, Is.EqualTo("Nothing changed: the same trials stand behind known and copy."));
        Assert.That(ComparisonReport.Lines(both, TerminalLook.OfFile),
            Has.Exactly(3).EndsWith("  the same trials").And.None.Contains("settings"));
    }

    [Test]
    public void Other_pairs_of_a_test_are_not_compared()
    {
        using var two = new TwoSuites();
        using var people = new KnownSuite(16) { People = 20 };
        people.Save();
        var both = SideBySide.Of(two.A, ComparedSide.OfSuite(people.Suite, people.Store, null) with { Name = "people" });
        Assert.That(both.Tests.Single().Problem, Is.EqualTo(
            "pairs has other pairs or probes in people than in known, so its figures are not compared."));
        Assert.That(ComparisonPage.Of(both).Answer.Text, Does.StartWith("Nothing can be compared: no test has the same pairs"));
    }

    [Test]
    public void A_folder_and_a_commit_choose_trials()
    {
        using var two = new TwoSuites();
        var folder = ComparedSide.OfFolder(two.After.Store, null);
        Assert.That(folder.Trials.All.Select(trial => trial.Id), Is.EquivalentTo(two.B.Trials.All.Select(trial => trial.Id)));
        Assert.That(SideBySide.Of(two.A, folder).Tests[0].Headline!.Cells.Select(cell => cell.Comparison.Difference),
            Is.EqualTo(two.Both.Tests[0].Headline!.Cells.Select(cell => cell.Comparison.Difference)));
        Assert.That(ComparedSide.OfFolder(two.After.Store, "fedc").Trials.All, Has.Count.EqualTo(15));
        Assert.That(() => ComparedSide.OfSuite(two.Before.Suite, two.Before.Store, "fedc"),
            Throws.ArgumentException.With.Message.EqualTo("known@fedc: no trial of this commit; the finished ones have 0123456789ab"));
    }
}
