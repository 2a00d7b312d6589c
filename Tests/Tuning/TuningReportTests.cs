using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;

namespace Ablation.Tests.Tuning;

/// <summary>The report on tuning, from a generated store.</summary>
[Parallelizable]
public sealed class TuningReportTests
{
    [Test]
    public void Default_and_tuned_are_side_by_side_with_budgets_and_every_trial()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => trial is { Loss: 0, Draw: 3 } ? null : trial.Loss == 0 ? 0.5 + 0.01 * trial.Draw : 0.9 - 0.1 * trial.Draw);
        searched.Choose();
        var page = Report(searched);
        Assert.That(page,
            Does.Contain("No test of the suite was read for choosing.").And.Contains(
                "Random search: of each loss 6 for 9 epochs").And.Contains("without 50 % of its identities and ranked by AUC on 40 pairs"));
        Assert.That(page,
            Does.Contain("with 1 seed (11)").And.Contains("the suite's seeds (1, 2)").And.Not.Contains("NOT REPRODUCED").And.Not.Contains(
                "NOT THE SAME BUDGET"));
        var best = searched.Plan.Losses[0].Configurations[5].Values;
        Assert.That(page,
            Does.Contain(
                $"| ArcFace | 6 | 6 | 54 | 3456 | 1920 | 1 | 50.00 | 55.00 | 5 | marginRadians {best["marginRadians"]}, scale " +
                $"{best["scale"]}, training.learningRate {best["training.learningRate"]} |"));
        Assert.That(page, Does.Contain("| Npt | 6 | 6 | 54 | 3456 | 1920 | 0 | 90.00 | 90.00 | 0 | the suite's own |"));
        Assert.That(page,
            Does.Match(@"\| loss \| default \| tuned \| tuned less default \| tuned less ArcFace \(tuned\) \|\n").And.Match(
                @"\| Npt \| [^|]+\| [^|]+\| the same setting \| [+-]"));
        var csv = File.ReadAllLines(Path.Combine(searched.Store.Folder, "tuning.csv"));
        Assert.That(csv, Has.Length.EqualTo(13));
        Assert.That(csv[1], Does.StartWith("ArcFace,0,1,9,11,done,0.5,").And.EndsWith($",,{searched.State.Rounds[0][0].Id}"));
        Assert.That(csv.Single(line => line.StartsWith("ArcFace,3,", StringComparison.Ordinal)),
            Does.StartWith("ArcFace,3,1,9,11,diverged at step 17,n/a,n/a,marginRadians "));
        foreach (var plot in (string[])["tuning-validation", "tuning-training"])
            Assert.That(Path.Combine(searched.Store.Folder, "plots", plot + ".svg"), Does.Exist);
    }

    [Test]
    public void Before_the_choice_the_answer_is_not_final()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.9 - 0.1 * trial.Draw);
        foreach (var plan in searched.Suite.Trials()) searched.Store.Save(Ablation.Tests.Store.ExampleOutput.Of(plan.Spec, plan.Label, 1));
        var summary = Summary.Read(searched.Suite, searched.Store);
        Assert.That(Answer.Build(summary).Text, Does.StartWith("So far, 4 of 4 trials, and nothing is tuned: "));
        Assert.That(TuningSection.Problems(summary, searched.Store), Has.Some.StartsWith("not tuned: no choice is stored"));
    }

    [Test]
    public void Section_of_tuning()
    {
        using var searched = new SearchedSuite
        {
            Suite =
            new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving } }
        };
        searched.Finish(trial => trial is { Loss: 0, Draw: 3 } ? null : trial.Loss == 0 ? 0.5 + 0.01 * trial.Draw : 0.9 - 0.1 * trial.Draw);
        searched.Choose();
        var page = Report(searched);
        var start = page.IndexOf("## Tuning", StringComparison.Ordinal);
        Golden.Check(page[start..page.IndexOf("## Trials", start, StringComparison.Ordinal)]
            + File.ReadAllText(Path.Combine(searched.Store.Folder, "tuning.csv")));
        Assert.That(page, Does.Contain("6 trials: 6 done"), "two losses and two seeds, and one new setting");
    }

    [Test]
    public void Ranks_of_two_rounds_are_correlated_over_what_the_later_kept()
    {
        using var searched = new SearchedSuite
        {
            Suite = new SearchedSuite().Suite with
            {
                Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving, Trials = 15 },
            },
        };
        // the first round keeps draws 10 to 14, in rising order; the second has 11, 10, 12, 14, 13: squared differences 1, 1, 0, 1, 1
        double[] late = [0.62, 0.61, 0.63, 0.65, 0.64];
        searched.Finish(trial => trial.Plan.Spec.Training.Epochs == 1 ? 0.5 + 0.01 * trial.Draw : late[trial.Draw - 10]);
        var rounds = TuningRounds.Build(searched.State)!;
        Assert.That(rounds.Headers.Select(header => header.Text),
            Is.EqualTo(new[] { "loss", "rounds 1 and 2", "rounds 2 and 3", "best of the last round was" }));
        Assert.That(rounds.Rows[1].Select(cell => cell.Text), Is.EqualTo(new[] { "Npt", "0.80 (5)", "n/a (1)", "2 of 15" }));
        using var random = new SearchedSuite();
        random.Finish(_ => 0.5);
        Assert.That(TuningRounds.Build(random.State), Is.Null, "one round");
    }

    [Test]
    public void Differences_are_tuned_less_default_and_tuned_less_the_tuned_baseline()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.5 + 0.01 * trial.Draw);
        searched.Choose();
        var page = Report(searched);
        var summary = Summary.Read(ChoiceFile.Apply(searched.Suite, searched.Store), searched.Store);
        var (table, column) = (summary.Tables[0], summary.Tables[0].Columns.ToList()
            .FindIndex(one => one.Name == "accuracy" && one.Estimator.Contains("grid", StringComparison.Ordinal)));
        double Mean(string row) => table.Rows.Single(one => one.Name == row).Cells[column].Mean!.Value;
        var cells = page[page.IndexOf("before and after tuning", StringComparison.Ordinal)..].Split('\n')
            .First(line => line.StartsWith("| Npt | ", StringComparison.Ordinal) && line.Contains('±')).Split('|')
            .Select(cell => cell.Trim().Split(' ')[0]).ToList();
        var format = table.Columns[column].Format;
        Assert.That(cells[2..6], Is.EqualTo(new[]
        {
            format.Text(Mean("Npt")), format.Text(Mean("Npt (tuned)")), format.Signed(Mean("Npt (tuned)") - Mean("Npt")),
            format.Signed(Mean("Npt (tuned)") - Mean("ArcFace (tuned)")),
        }));
        Assert.That(Mean("Npt (tuned)"), Is.Not.EqualTo(Mean("Npt")), "the premise");
    }

    [Test]
    public void The_same_store_gives_the_same_bytes()
    {
        using var searched = new SearchedSuite
        {
            Suite =
            new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving } }
        };
        searched.Finish(trial => 0.1 * trial.Draw);
        searched.Choose();
        var first = Report(searched);
        Assert.That(first,
            Does.Contain(
                "Successive halving (the synchronous form of ASHA): of each loss 6 for 1 epoch, then 2 for 3 epochs, then 1 for 9 " +
                "epochs").And.Contains("0.00 (1 epoch)"));
        string[] files = ["tuning.csv", "plots/tuning-validation.svg", "plots/tuning-validation.png", "plots/tuning-training.svg",
            "plots/tuning-training.png"];
        var bytes = files.Select(file => File.ReadAllBytes(Path.Combine(searched.Store.Folder, file))).ToList();
        Assert.That(Report(searched), Is.EqualTo(first));
        Assert.That(files.Select(file => File.ReadAllBytes(Path.Combine(searched.Store.Folder, file))), Is.EqualTo(bytes));
    }

    [Test]
    public void A_choice_that_the_trials_do_not_reproduce_is_reported()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.1 * trial.Draw);
        searched.Choose();
        searched.Save(searched.State.Rounds[0].Single(trial => trial is { Loss: 1, Draw: 2 }), 0.99);
        Assert.That(Report(searched), Does.Contain("NOT REPRODUCED: the stored tuning trials do not give what tuning/choice.json says"));
    }

    [Test]
    public void An_unfinished_search_is_reported_and_has_no_rows()
    {
        using var searched = new SearchedSuite();
        foreach (var trial in searched.State.Trials.Take(5)) searched.Save(trial, 0.5);
        var page = Report(searched);
        Assert.That(page,
            Does.Contain(
                "Tuning is not through, and nothing is chosen: 5 of the 12 trials known so far have ended, in round 1 of 1.")
                .And.Not.Contains("(tuned)"));
    }

    private static string Report(SearchedSuite searched)
    {
        SuiteReport.Write(searched.FinishSuite(), searched.Store);
        return File.ReadAllText(Path.Combine(searched.Store.Folder, "report.md"));
    }
}
