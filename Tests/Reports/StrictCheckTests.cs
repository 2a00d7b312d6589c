using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Harness.Provenance;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Reports;

/// <summary>The problems that make a strict report fail.</summary>
[Parallelizable]
public sealed class StrictCheckTests
{
    [Test]
    public void A_complete_suite_of_one_program_passes()
    {
        using var known = new KnownSuite(16).Save();
        Assert.That(Problems(known), Is.Empty);
        var (code, output, errors) = Report(known);
        Assert.That((code, errors), Is.EqualTo((0, "")), output);
        Assert.That(output.Split('\n').Select(Path.GetFileName), Is.EqualTo(new[] { "report.html", "index.html" }));
    }

    [Test]
    public void A_table_with_an_unknown_test_or_metric_is_listed()
    {
        using var known = new KnownSuite(16).Save();
        var good = new TableColumn { Test = "pairs", Metric = "accuracy" };
        Assert.That(Asked(good), Is.Empty);
        Assert.That(Asked(good, good with { Test = "pears" }), Is.EqualTo(new[] { "T: no trial has the test \"pears\"; known: pairs" }));

        IReadOnlyList<string> Asked(params TableColumn[] columns) =>
            StrictCheck.Problems(Summary.Read(known.Suite with { Tables = [new TableOptions { Title = "T", Columns = columns }] },
                known.Store), known.Store);
    }

    [Test]
    public void Trials_that_are_missing_failed_or_skipped_are_listed()
    {
        using var known = new KnownSuite(16).Save(trial => trial.Label == "Npt" && trial.Spec.Seed <= 3 ? null : KnownSuite.Wrong(trial));
        string[] ids = [.. known.Suite.Trials().Where(trial => trial.Label == "Npt").Take(3).Select(trial => trial.Spec.Id())];
        known.Store.Save(new TrialFailure(ids[1], "Npt", 2, DateTimeOffset.UnixEpoch, "no space\nleft", ""));
        new SkippedTrials(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, [new SkippedTrial(ids[2], "Npt", 3, "no time")])
            .Save(known.Store);
        string[] expected =
        [
            $"not run: Npt, Small, 16 px, seed 1 ({ids[0]})", $"failed: Npt, Small, 16 px, seed 2 ({ids[1]}): no space",
                $"skipped for lack of time: Npt, Small, 16 px, seed 3 ({ids[2]})",
        ];
        Assert.That(Problems(known), Is.EqualTo(expected));
        var (code, _, errors) = Report(known);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors.TrimEnd('\n').Split('\n'), Is.EqualTo(expected.Prepend("known is not fit to publish (3):")));
        Assert.That(Cli.Run(known.Results, "report", known.WriteFile(), "--results", known.Results).Code, Is.Zero, "without --strict");
    }

    [Test]
    public void All_scores_that_contradict_their_results_are_listed_and_their_numbers_missing()
    {
        using var known = new KnownSuite(16).Save();
        string[] ids = [.. known.Suite.Trials().Take(2).Select(trial => trial.Spec.Id())];
        foreach (var id in ids) File.Copy(Scores(known, known.Suite.Trials()[6].Spec.Id()), Scores(known, id), overwrite: true);
        Assert.That(Problems(known), Has.Count.EqualTo(2).And.All.StartsWith("damaged: ").And.All.Contains(", seed 1: "));
        var (code, _, errors) = Report(known);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors,
            Does.Contain("known is not fit to publish (2):").And.Contains(ids[0]).And.Contains(ids[1]).And.Contains(
                "checksum").And.Contains("delete"));
        var page = File.ReadAllText(Path.Combine(known.Store.Folder, "report.md"));
        Assert.That(page,
            Does.Contain("DAMAGED: the stored files of 2 trials").And.Contains("2 damaged, 0 not run").And.Contains(
                "Without 2 trials that have no result: "));
    }

    [Test]
    public void Unpaired_trials_are_listed()
    {
        using var known = new KnownSuite(16);
        var odd = known.Suite.Trials()[5].Spec.Id();
        known.Save(change: result => result.Id == odd ? result with { Pairing = result.Pairing with { Proxies = "other" } } : result);
        Assert.That(Problems(known),
            Is.EqualTo(new[] { "not paired: Small, 16 px, seed 2: trials started from different weights, proxies or batches" }));
        known.Save(change: result =>
            result with { Provenance = result.Provenance with { Data = new DataFingerprint(result.Id == odd ? "b" : "a", []) } });
        Assert.That(Problems(known), Is.EqualTo(new[] { $"not the same data: the training data: 23 trials agree, not with them {odd}" }));
        known.Save(change: result => result with { Provenance = result.Provenance with { Commit = result.Id == odd ? "bbb" : "aaa" } });
        Assert.That(Problems(known), Is.EqualTo(new[] { $"another commit: bbb, where 23 trials have aaa: {odd}" }));
    }

    [Test]
    public void Figures_without_stored_scores_are_listed()
    {
        using var known = new KnownSuite(16);
        var odd = known.Suite.Trials()[5].Spec.Id();
        known.Save(change: result => result.Id == odd
            ? result with { Metrics = [.. result.Metrics, new Metric("pairs", "luck", "by hand", 1, null, 200)] } : result);
        Assert.That(Problems(known), Is.EqualTo(new[] { $"not computed again: Softmax, seed 2 ({odd}): pairs, luck (by hand)" }));
        known.Save(change: result => result.Id == odd ? result with { Metrics = [] } : result);
        Assert.That(Problems(known), Is.EqualTo(new[] { $"no scores of pairs: Softmax, Small, 16 px, seed 2 ({odd})" }));
        known.Save();
        SuiteReport.Write(known.Suite, known.Store);
        File.WriteAllText(Path.Combine(known.Store.Folder, "plots", "roc-of-before.png"), "");
        Assert.That(Problems(known),
            Is.EqualTo(new[] { "a figure of no trial of this suite: plots/roc-of-before.png is in no page of known; delete it" }));
    }

    private static IReadOnlyList<string> Problems(KnownSuite known) =>
        StrictCheck.Problems(Summary.Read(known.Suite, known.Store), known.Store);

    private static (int Code, string Output, string Errors) Report(KnownSuite known) =>
        Cli.Run(known.Results, "report", known.WriteFile(), "--strict", "--results", known.Results);

    private static string Scores(KnownSuite known, string id) => Path.Combine(known.Store.TrialFolder(id), "scores-pairs.npz");
}
