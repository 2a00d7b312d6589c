using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;

namespace Ablation.Tests.Tuning;

/// <summary>What is chosen when tuning trials failed or diverged.</summary>
[Parallelizable]
public sealed class TuningFailureTests
{
    [Test]
    public void A_training_that_failed_leaves_its_configuration_unjudged_and_the_report_says_so()
    {
        using var searched = new SearchedSuite();
        Fail(searched, trial => trial is { Loss: 0, Draw: 2 or 5 });
        searched.Finish(trial => trial is { Loss: 0, Draw: 0 } ? null : 0.5 + 0.01 * trial.Draw);
        var choice = searched.Choose();
        Assert.That(choice.Losses.Select(loss => loss.Draw), Is.EqualTo(new[] { 4, 5 }),
            "draw 5 of ArcFace failed; draw 0 diverged and is judged");
        var budget = choice.Losses[0].Budget;
        Assert.That((budget.Configurations, budget.Trainings, budget.WithoutFigure, budget.Failed, budget.NotJudged),
            Is.EqualTo((6, 6, 3, 2, new[] { 2, 5 })));
        Assert.That(choice.Losses[1].Budget.NotJudged, Is.Null);
        string[] incomplete =
            ["NOT COMPLETE: ArcFace was chosen among 4 of 6 configurations: 2 of its trainings failed, so draw 2, 5 was not judged"];
        Assert.That(choice.Incomplete(), Is.EqualTo(incomplete));
        var suite = searched.FinishSuite();
        var summary = Summary.Read(suite, searched.Store);
        SuiteReport.Write(summary, searched.Store);
        Assert.That(File.ReadAllText(Path.Combine(searched.Store.Folder, "report.md")), Does.Contain(incomplete[0]));
        Assert.That(StrictCheck.Problems(summary, searched.Store), Does.Contain(incomplete[0]));
    }

    [Test]
    public void A_round_promotes_judged_draws_only_and_one_failed_seed_leaves_a_draw_unjudged()
    {
        using var searched = new SearchedSuite
        {
            Suite =
            new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving, Seeds = [11, 12] } }
        };
        Fail(searched, trial => trial is { Loss: 0, Draw: 5, Plan.Spec.Seed: 12 });
        var state = searched.Finish(trial => 0.1 * trial.Draw);
        Assert.That(state.Rounds[1].Where(trial => trial.Loss == 0).Select(trial => trial.Draw).Distinct(), Is.EqualTo(new[] { 4, 3 }));
        Assert.That(state.Rounds[1].Where(trial => trial.Loss == 1).Select(trial => trial.Draw).Distinct(), Is.EqualTo(new[] { 5, 4 }));
        Assert.That(searched.Choose().Losses.Select(loss => (loss.Draw, loss.Budget.Trainings)), Is.EqualTo(new[] { (4, 18), (5, 18) }),
            "one budget");
    }

    [Test]
    public void Nothing_is_chosen_when_the_last_round_has_no_judged_configuration()
    {
        using var searched = new SearchedSuite
        {
            Suite =
            new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving } }
        };
        while (searched.State is { IsThrough: false } state)
        {
            Fail(searched, trial => trial.Loss == 0 && trial.Plan.Spec.Training.Epochs == 9);
            foreach (var trial in state.Trials.Where(trial => !trial.IsSettled
                && !(trial.Loss == 0 && trial.Plan.Spec.Training.Epochs == 9))) searched.Save(trial, 0.5);
        }

        Assert.That(searched.Choose,
            Throws.TypeOf<SuiteException>(
                ).With.Message.Contains("no configuration of ArcFace has all its results in the last round").And.Message.Contains(
                    "Unknown scalar type"));
    }

    [Test]
    public void The_default_setting_is_kept_if_every_trial_diverged_and_nothing_is_chosen_if_none_has_a_result()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => trial.Loss == 0 ? null : 0.5);
        var arcFace = searched.Choose().Losses[0];
        Assert.That((arcFace.Draw, arcFace.Validation, arcFace.Loss), Is.EqualTo((0, (double?)null, searched.Suite.Losses[0])));

        using var broken = new SearchedSuite();
        foreach (var trial in broken.State.Trials)
        {
            if (trial.Loss == 1) broken.Save(trial, 0.5);
            else broken.TuningStore.Save(new TrialFailure(trial.Id, trial.Plan.Label, 11, DateTimeOffset.UnixEpoch, "the disk is gone",
                ""));
        }

        Assert.That(broken.Choose,
            Throws.TypeOf<SuiteException>(
                ).With.Message.EqualTo(
                    "tune: no tuning trial of ArcFace has a result, so nothing can be chosen; the first says: the disk is gone"));
    }

    /// <summary>Stores a native error for every chosen trial that has no result.</summary>
    private static void Fail(SearchedSuite searched, Func<TuningTrial, bool> isChosen)
    {
        foreach (var trial in searched.State.Trials.Where(trial => !trial.IsSettled && isChosen(trial)))
            searched.TuningStore.Save(new TrialFailure(trial.Id, trial.Plan.Label, trial.Plan.Spec.Seed, DateTimeOffset.UnixEpoch,
                "Unknown scalar type", "", EndReason.MachineFailed));
    }
}
