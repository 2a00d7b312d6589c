using Ablation.Experiments.Reports;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Tests.Store;

namespace Ablation.Tests.Tuning;

/// <summary>What a choice by the test would have claimed: shown, and never read for the choice.</summary>
[Parallelizable]
public sealed class TuningOracleTests
{
    [Test]
    public void The_last_round_is_tested_too_and_nothing_else_changes()
    {
        using var plain = new SearchedSuite();
        using var oracle = new SearchedSuite { Suite = plain.Suite with { Tune = SearchedSuite.Tune with { Oracle = true } } };
        var (without, with) = (plain.Plan.Trial(0, 1, 0, 11).Spec, oracle.Plan.Trial(0, 1, 0, 11).Spec);
        Assert.That(with.Tests, Is.EqualTo(without.Tests.Concat(plain.Suite.Tests)));
        Assert.That(with with { Tests = without.Tests }, Is.EqualTo(without));
        Assert.That(SpecJson.Write(SearchedSuite.Tune), Does.Not.Contain("oracle"), "choices made before keep their hash");
        var halving = oracle.Suite with { Tune = oracle.Suite.Tune! with { Method = TuneMethod.SuccessiveHalving } };
        Assert.That(TuningPlan.Build(halving).Trial(0, 1, 0, 11).Spec.Tests, Has.Count.EqualTo(1), "not the first round");
    }

    [Test]
    public void A_figure_of_a_test_is_not_a_validation_figure()
    {
        using var searched = new SearchedSuite();
        var made = ExampleOutput.Of(searched.Plan.Trial(0, 1, 0, 11).Spec, "a", 1).Result;
        var trial = searched.State.Trials.First() with
        {
            Result = made with
            {
                Metrics = [new Metric("validation", "AUC", "ties by half", null, null, 40),
                    new Metric("test", "AUC", "ties by half", 0.9, null, 40)],
            },
        };
        Assert.That(trial.Value(TuneMetric.Auc), Is.Null, "the validation pairs gave none");
        Assert.That(trial.OnTest("test", "AUC", "ties by half"), Is.EqualTo(0.9));
        Assert.That(trial.OnTest("validation", "AUC", "ties by half"), Is.Null);
    }

    [Test]
    public void Inflation_is_the_best_test_figure_less_that_of_the_chosen_draw()
    {
        using var plain = new SearchedSuite();
        using var searched = new SearchedSuite { Suite = plain.Suite with { Tune = SearchedSuite.Tune with { Oracle = true } } };
        searched.Finish(trial => 0.5 + 0.01 * trial.Draw);
        foreach (var trial in searched.State.Trials)
        {
            var stored = searched.TuningStore.Load(trial.Id)!;
            // the better by validation, the worse on the test
            searched.TuningStore.Save(ExampleOutput.Of(trial.Plan.Spec, trial.Plan.Label, 1) with
            {
                Result = stored with
                {
                    Metrics = [.. stored.Metrics, new Metric("random", "accuracy", "10-fold, grid", 0.9 - 0.01 * trial.Draw, null, 40)],
                },
            });
        }

        searched.Choose();
        SuiteReport.Write(searched.FinishSuite(), searched.Store);
        var page = File.ReadAllText(Path.Combine(searched.Store.Folder, "report.md"));
        var start = page.IndexOf("Had the test chosen", StringComparison.Ordinal);
        Assert.That(start, Is.Positive, page);
        Assert.That(page[start..], Does.Contain("draw 5").And.Contain("draw 0").And.Contain("+5.0"));
    }
}
