using System.Text.RegularExpressions;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Tests.Metrics;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports;

/// <summary>A report shows all stored results and nothing else, in the same bytes each time.</summary>
[Parallelizable]
public sealed class SuiteReportTests
{
    [Test]
    public void The_same_store_gives_the_same_bytes()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        var first = stored.Written();
        Assert.That(first.Keys.Select(Path.GetExtension)
            .Distinct(), Is.EquivalentTo(new[] { ".md", ".html", ".csv", ".json", ".tex", ".png", ".svg", ".pdf" }));
        Assert.That(first.Values.Select(bytes => bytes.Length), Is.All.GreaterThan(0));
        foreach (var file in first.Keys) File.Delete(Path.Combine(stored.Store.Folder, file));
        SuiteReport.Write(stored.Suite, stored.Store);
        var second = stored.Written();
        Assert.That(second.Keys, Is.EquivalentTo(first.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (file, bytes) in first) Assert.That(second[file], Is.EqualTo(bytes), file);
        });
    }

    [Test]
    public void Scores_changed_after_the_trial_are_damaged_and_their_numbers_missing([Values] bool isEarlier)
    {
        using var stored = new StoredSuite().Save();
        var id = stored.Suite.Trials()[0].Spec.Id();
        if (isEarlier) EarlierFormat.Unseal(stored.Store, id); // then only the figures of the result reveal it
        var path = Directory.GetFiles(stored.Store.TrialFolder(id), "scores-*.npz").Single();
        var scores = stored.Store.LoadScores(stored.Store.Load(id)!, "random").Pairs();
        ScoresFile.Write(path,
            scores with { SquaredDistance = scores.SquaredDistance[..^1], Same = scores.Same[..^1], Fold = scores.Fold[..^1] });
        var trial = Damaged(stored);
        Assert.That(trial.Damage.Single(), Does.Contain(id).And.Contains(isEarlier ? "result.json says" : "checksum"));
        Assert.That((trial.Result, trial.Metrics.Count, trial.History.Count), Is.EqualTo(((TrialResult?)null, 0, 0)));
    }

    [Test]
    public void A_figure_that_the_scores_cannot_give_is_missing_and_not_zero()
    {
        using var stored = new StoredSuite().Save();
        var id = stored.Suite.Trials()[0].Spec.Id();
        EarlierFormat.Unseal(stored.Store, id);
        var path = Path.Combine(stored.Store.TrialFolder(id), "result.json");
        var text = File.ReadAllText(path);
        var at = text.IndexOf("\"value\": null", StringComparison.Ordinal);
        Assert.That(at, Is.Positive, "premise: a target below one impostor pair");
        File.WriteAllText(path, text.Remove(at, 13).Insert(at, "\"value\": 0"));
        Assert.That(Damaged(stored).Damage.Single(), Does.Contain(" n/a over "));
    }

    /// <summary>Returns the first trial after writing its report.</summary>
    private static StoredTrial Damaged(StoredSuite stored)
    {
        var summary = Summary.Read(stored.Suite, stored.Store);
        SuiteReport.Write(summary, stored.Store);
        var others = summary.Trials.Skip(1).ToList();
        Assert.That(others.Select(trial => trial.Damage), Is.All.Empty, "the others keep their numbers");
        Assert.That(stored.Text("report.md"), Does.Contain("1 damaged").And.Contains("| damaged |").And.Not.Contains(stored.Store.Folder));
        Assert.That(SummaryText(stored), Does.Contain(",2,"), "one seed fewer");
        return summary.Trials[0];
    }

    private static string SummaryText(StoredSuite stored) => stored.Text("summary.csv");

    [Test]
    public void The_report_lists_every_trial()
    {
        using var stored = new StoredSuite().Save(trial => trial.Spec.Seed == 1);
        SuiteReport.Write(stored.Suite, stored.Store);
        var (markdown, page) = (stored.Text("report.md"), stored.Text("report.html"));
        foreach (var trial in stored.Suite.Trials())
        {
            Assert.That(markdown, Does.Contain($"| {trial.Spec.Id()} |"));
            Assert.That(page, Does.Contain($">{trial.Spec.Id()}</td>"));
        }

        Assert.That(markdown, Does.Contain("24 trials: 8 done, 0 diverged, 0 failed, 16 not run"));
    }

    [Test]
    public void Missing_figures_are_not_numbers()
    {
        using var stored = new StoredSuite().Save(trial => trial.Label != "ArcFace");
        SuiteReport.Write(stored.Suite, stored.Store);
        var rows = stored.SummaryRows().Where(row => row["loss"] == "ArcFace").ToList();
        Assert.That(rows, Has.Count.EqualTo(16), "eight metrics, two resolutions");
        Assert.That(rows.Select(row => (row["mean"], row["n"], row["verdict"], row["trials"])),
            Is.All.EqualTo(("n/a", "0", "n/a (no common seed)", "")));
        var line = stored.Text("report.md").Split('\n').First(text => text.StartsWith("| ArcFace |", StringComparison.Ordinal));
        Assert.That(line, Does.Match(@"^\| ArcFace \|( n/a \|){8}$"));
        var latex = stored.Text("table.tex").Split('\n').First(text => text.Contains("ArcFace", StringComparison.Ordinal));
        Assert.That(latex, Does.Match(@"^ *ArcFace( & \{n/a\} & ){8} \\\\$"));
    }

    [Test]
    public void An_empty_store_gives_a_report_without_figures()
    {
        using var stored = new StoredSuite();
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Contain("24 trials: 0 done, 0 diverged, 0 failed, 24 not run").And.Not.Contains("%)"));
        Assert.That(stored.SummaryRows(), Is.Empty);
    }

    [Test]
    public void Every_mean_follows_from_the_stored_scores()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        var means = stored.SummaryRows().Where(row => row["mean"] != "n/a").ToList();
        Assert.That(means.Select(row => row["metric"]).Distinct(), Is.SupersetOf(new[] { "accuracy", "TAR@FAR=1e-1", "EER", "AUC" }));
        foreach (var row in means)
        {
            var ids = row["trials"].Split(' ');
            var values = ids.Select(id => Naive(stored.Store.LoadScores(stored.Store.Load(id)!, "random").Pairs(), row["metric"],
                row["estimator"])).OfType<double>().ToList();
            Assert.That(double.Parse(row["mean"]), Is.EqualTo(values.Sum() / values.Count).Within(1e-12), string.Join(", ", row.Values));
            Assert.That(row["n"], Is.EqualTo(values.Count.ToString()));
            Assert.That(ids, Is.EqualTo(Expected(stored.Suite, row["loss"], row["condition"])), "by seed");
        }
    }

    [Test]
    public void Unpaired_trials_are_reported()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Contain("Paired seeds: in all 6 groups").And.Not.Contains("NOT PAIRED"));
        var (trial, output) = stored.Outputs().Last();
        foreach (var other in new[] { output.Result.Pairing with { Weights = "other" }, output.Result.Pairing with { Proxies = "other" },
            output.Result.Pairing with { Batches = "other" } })
        {
            stored.Store.Save(output with { Result = output.Result with { Pairing = other } });
            SuiteReport.Write(stored.Suite, stored.Store);
            Assert.That(stored.Text("report.md"),
                Does.Contain($"> NOT PAIRED: trials of one seed").And.Contains(
                    $"Small, {trial.Spec.Resolution} px, seed 3").And.Not.Contains("Paired seeds"));
        }
    }

    [Test]
    public void The_accuracy_plot_omits_the_untrained_network_with_a_note()
    {
        using var stored = new StoredSuite().Save();
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Contain("| untrained |").And.Contains("The untrained network is in the table only."));
        var plots = Directory.GetFiles(Path.Combine(stored.Store.Folder, "plots"), "accuracy-*.svg").Select(File.ReadAllText).ToList();
        Assert.That(plots, Has.Count.EqualTo(2).And.All.Contains("ArcFace").And.None.Contains("untrained"));
        SuiteReport.Write(stored.Suite with { Untrained = false }, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Not.Contain("untrained network is"));
    }

    [Test]
    public void Every_row_with_a_number_opens_its_trials_and_every_trial_leads_to_its_files()
    {
        using var stored = new StoredSuite().Save(trial => trial.Label != "ArcFace" || trial.Spec.Seed != 2);
        var page = SuiteReport.Write(stored.Suite, stored.Store);
        var html = File.ReadAllText(page);
        var lists = Regex.Matches(html, "<div popover=\"auto\" id=\"([^\"]+)\">.*?</div>", RegexOptions.Singleline)
            .ToDictionary(match => match.Groups[1].Value, match => match.Value);
        var from = html.IndexOf("id=\"s-all-measures\"", StringComparison.Ordinal);
        var rows = Regex.Matches(html[from..], "<tr role=\"row\"[^>]*data-loss.*</tr>").Select(match => match.Value).ToList();
        Assert.That(rows, Has.Count.EqualTo(8), "four rows, two conditions");
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            var button = Regex.Match(row, "popovertarget=\"([^\"]+)\".*?</svg>([^<]+)</button>");
            var label = button.Groups[2].Value;
            Assert.That(Regex.Count(row, "data-value"), Is.GreaterThan(3), "premise: the row has numbers");
            var expected = stored.Suite.Trials()
                .Where(trial => trial.Label == label && trial.Spec.Resolution == (i < 4 ? 16 : 32) && stored.Store.Has(trial.Spec.Id()))
                .Select(trial => $"#trial-{trial.Spec.Id()}").ToList();
            var linked = Regex.Matches(lists[button.Groups[1].Value], "href=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
            Assert.That(linked, Is.EquivalentTo(expected).And.Not.Empty, label);
        }

        var anchors = Regex.Matches(html, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.That(anchors, Is.Unique);
        Assert.That(Regex.Matches(html, "href=\"#([^\"]+)\"").Select(match => match.Groups[1].Value).Distinct(), Is.SubsetOf(anchors));
        Assert.That(Regex.Matches(html, "popovertarget=\"([^\"]+)\"").Select(match => match.Groups[1].Value), Is.SubsetOf(anchors));
        var files = Regex.Matches(html, "href=\"(trials/[^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.That(files, Has.Count.EqualTo(22 * 3), "result, history and scores");
        foreach (var file in files) Assert.That(Path.Combine(stored.Store.Folder, file), Does.Exist);
        var plots = Regex.Matches(html, "href=\"(plots/[^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.That(plots, Is.Not.Empty);
        foreach (var plot in plots) Assert.That(Path.Combine(stored.Store.Folder, plot), Does.Exist);
        Assert.That(stored.Text("report.md"), Does.Contain($"[result](trials/{stored.Suite.Trials()[0].Spec.Id()}/result.json)"));
    }

    [Test]
    public void Failed_and_missing_trials_are_listed_with_the_ends_of_their_logs()
    {
        using var stored = new StoredSuite().Save(trial => trial.Spec.Seed == 1);
        string[] ids = [.. stored.Suite.Trials().Where(trial => trial.Spec.Seed == 2).Take(3).Select(trial => trial.Spec.Id())];
        stored.Store.Save(new TrialFailure(ids[0], "untrained", 2, DateTimeOffset.UnixEpoch, "too <large>", "at Some.Method()"));
        stored.Store.Save(new TrialFailure(ids[1], "Softmax", 2, DateTimeOffset.UnixEpoch, "killed", "line 40\nline 41"));
        foreach (var id in ids)
        {
            Directory.CreateDirectory(stored.Store.TrialFolder(id));
            File.WriteAllLines(stored.Store.Files(id).Log, Enumerable.Range(1, 41).Select(line => $"line {line}"));
        }

        SuiteReport.Write(stored.Suite, stored.Store);
        var text = stored.Text("report.md");
        Assert.That(text,
            Does.Contain("> untrained, seed 2 failed: too \\<large\\>").And.Contains("at Some.Method()").And.Contains(
                "line 12\n").And.Not.Contains("line 11\n"));
        Assert.That(text,
            Does.Contain($"({ids[1]}): error and end of its log").And.Contains($"({ids[2]}): not finished, end of its log").And.Contains(
                "**Not run: 14**"));
        Assert.That(text,
            Does.Contain("| Npt | Small, 32 px | 2, 3 | not run |").And.Contains("| Softmax | Small, 32 px | 2, 3 | not run |"));
        Assert.That(stored.Text("report.html"), Does.Contain("<details><summary>").And.Contains("too &lt;large&gt;"));
    }

    private static double? Naive(PairScores scores, string metric, string estimator)
    {
        if (metric == "accuracy")
            return estimator.Contains("grid", StringComparison.Ordinal)
                ? NaiveVerification.GridAccuracy(scores).Mean : NaiveVerification.ExactAccuracy(scores).Mean;
        if (metric == "AUC") return NaiveVerification.MannWhitney(scores);
        var points = NaiveVerification.OperatingPoints(scores);
        if (metric != "EER")
        {
            var far = double.Parse(metric["TAR@FAR=".Length..]);
            return far * scores.Same.Count(same => !same) < 1 ? null : points.Where(point => point.Far <= far).Max(point => point.Tar);
        }

        var after = points.FindIndex(point => point.Far >= 1 - point.Tar);
        var (before, at) = (points[after - 1], points[after]);
        var share = (1 - before.Tar - before.Far) / (1 - before.Tar - before.Far - (1 - at.Tar - at.Far));
        return before.Far + share * (at.Far - before.Far);
    }

    private static IEnumerable<string> Expected(Suite suite, string label, string condition) => suite.Trials()
        .Where(trial => trial.Label == label && condition.Contains($"{trial.Spec.Resolution} px", StringComparison.Ordinal))
        .OrderBy(trial => trial.Spec.Seed).Select(trial => trial.Spec.Id());
}
