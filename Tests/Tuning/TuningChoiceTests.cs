using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Tests.Tuning;

/// <summary>The choice depends only on the store, every loss has the same budget, and a choice is valid for its search only.</summary>
[Parallelizable]
public sealed class TuningChoiceTests
{
    [Test]
    public void The_best_validation_figure_is_chosen_and_becomes_a_row()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => trial.Loss == 0 ? 0.5 + 0.01 * trial.Draw : 0.9 - 0.1 * trial.Draw);
        var choice = searched.Choose();
        Assert.That(choice.Losses.Select(loss => (loss.Label, loss.Draw, loss.Validation, loss.DefaultValidation)),
            Is.EqualTo(new (string, int, double?, double?)[] { ("ArcFace", 5, 0.55, 0.5), ("Npt", 0, 0.9, 0.9) }));
        var suite = ChoiceFile.Apply(searched.Suite, searched.Store);
        var rows = suite.Trials().Where(trial => trial.Spec.Seed == 1).ToList();
        Assert.That(rows.Select(row => row.Label), Is.EqualTo(new[] { "ArcFace", "ArcFace (tuned)", "Npt", "Npt (tuned)" }));
        var best = searched.Plan.Losses[0].Configurations[5];
        Assert.That((rows[1].Spec.Loss, rows[1].Spec.Training), Is.EqualTo((best.Loss, best.Training)));
        Assert.That(rows[1].Spec.Data, Is.EqualTo(searched.Suite.Data[0]), "the whole training set");
        Assert.That(rows[1].Condition, Is.EqualTo(rows[0].Condition));
        Assert.That(rows[3].Spec.Id(), Is.EqualTo(rows[2].Spec.Id()), "the suite's setting is not trained twice");
    }

    [Test]
    public void The_metric_decides()
    {
        using var searched = new SearchedSuite
        {
            Suite =
            new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Metric = TuneMetric.Accuracy } }
        };
        searched.Finish(trial => 0.5 + 0.01 * trial.Draw); // the accuracy is 1 minus that
        Assert.That(searched.Choose().Losses.Select(loss => loss.Draw), Is.All.EqualTo(0));
    }

    [Test]
    public void A_figure_is_the_mean_over_the_tuning_seeds_and_missing_if_one_diverged()
    {
        using var searched =
            new SearchedSuite { Suite = new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Seeds = [11, 12] } } };
        searched.Finish(trial =>
            (trial.Draw, trial.Plan.Spec.Seed) switch
            {
                (1, 11) =>
                0.99,
                (1, 12) => null,
                (2, 11) => 0.9,
                (2, 12) => 0.5,
                (3, _) => 0.71,
                _ => 0.6
            });
        Assert.That(searched.Choose().Losses.Select(loss => (loss.Draw, loss.Validation)), Is.All.EqualTo((3, (double?)0.71)));
        Assert.That(searched.State.Values(0, 0).Single(one => one.Draw == 2).Value, Is.EqualTo(0.7).Within(1e-12));
    }

    [TestCase(TuneMethod.Random, 6, 54)]
    [TestCase(TuneMethod.SuccessiveHalving, 9, 21)]
    public void Every_loss_has_the_same_budget_despite_divergence(TuneMethod method, int trainings, int epochs)
    {
        using var searched =
            new SearchedSuite { Suite = new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Method = method } } };
        var state = searched.Finish(trial => trial.Loss == 0 && trial.Draw > 0 ? null : 0.1 * trial.Draw);
        var budgets = searched.Choose().Losses.Select(loss => loss.Budget).ToList();
        Assert.That(budgets.Select(budget => (budget.Configurations, budget.Trainings, budget.Epochs, budget.ImagePasses)),
            Is.All.EqualTo((6, trainings, (long)epochs, (long?)epochs * 64)));
        Assert.That(budgets.Select(budget => budget.WithoutFigure),
            Is.EqualTo(new[] { state.Trials.Count(trial => trial.Loss == 0 && trial.Draw > 0), 0 }));
        Assert.That(budgets.Select(budget => budget.ImagePassesDone), Is.All.EqualTo(trainings * 20 * 16),
            "each generated result has 20 steps of 16 images");
        foreach (var rung in state.Rounds)
            Assert.That(rung.CountBy(trial => (trial.Loss, trial.Plan.Spec.Training.Epochs)).Select(count => count.Value).Distinct()
                .Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_tuning_trial_keeps_the_search_open()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.1 * trial.Draw);
        var suite = searched.Suite with { Tuned = searched.Choose() };
        var path = Path.Combine(searched.TuningStore.TrialFolder(searched.State.Rounds[0][2].Id), "result.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"value\": 0.", "\"value\": 0.7", StringComparison.Ordinal));
        Assert.That((searched.State.IsThrough, searched.State.Rounds[0][2].Damage is not null), Is.EqualTo((false, true)));
        searched.FinishSuite();
        var summary = Summary.Read(suite, searched.Store);
        Assert.That(StrictCheck.Problems(summary, searched.Store), Has.Exactly(1).StartsWith("damaged: tuning: ").And.Exactly(1)
            .StartsWith("not reproduced: "));
        SuiteReport.Write(summary, searched.Store);
        Assert.That(File.ReadAllText(Path.Combine(searched.Store.Folder, "report.md")),
            Does.Contain("NOT REPRODUCED").And.Contains("DAMAGED: "));
    }

    [Test]
    public void An_edited_choice_is_refused()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.1 * trial.Draw);
        ChoiceFile.Save(TuningDecision.Make(searched.State), searched.TuningStore);
        Assert.That(ChoiceFile.Apply(searched.Suite, searched.Store).Tuned!.Losses[0].Draw, Is.EqualTo(5));
        File.WriteAllText(searched.ChoicePath, File.ReadAllText(searched.ChoicePath)
            .Replace("\"draw\": 5", "\"draw\": 4", StringComparison.Ordinal));
        Assert.That(() => ChoiceFile.Apply(searched.Suite, searched.Store),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("checksum").And.Message.Contains("delete the file"));
    }

    [Test]
    public void Halving_promotes_the_best_of_a_round_and_chooses_from_the_last()
    {
        using var searched = new SearchedSuite
        {
            Suite =
            new SearchedSuite().Suite with { Tune = SearchedSuite.Tune with { Method = TuneMethod.SuccessiveHalving } }
        };
        // draw 5 is the best in the first round, draw 4 in the last
        var state = searched.Finish(trial => trial.Plan.Spec.Training.Epochs == 1 ? 0.1 * trial.Draw : trial.Draw == 4 ? 0.9 : 0.2);
        Assert.That(searched.Plan.Rungs, Is.EqualTo(new[] { new Rung(6, 1), new Rung(2, 3), new Rung(1, 9) }));
        Assert.That(state.Rounds.Select(round => string.Join(' ', round.Where(trial => trial.Loss == 1).Select(trial => trial.Draw))),
            Is.EqualTo(new[] { "0 1 2 3 4 5", "5 4", "4" }));
        var choice = searched.Choose().Losses[1];
        Assert.That((choice.Draw, choice.Validation, choice.DefaultValidation, choice.DefaultEpochs),
            Is.EqualTo((4, (double?)0.9, (double?)0, 1)));
        Assert.That(choice.Training.Epochs, Is.EqualTo(9));
        Assert.That(choice.Trials, Is.Unique.And.Count.EqualTo(9));
    }

    [Test]
    public void A_shorter_training_shrinks_its_schedule_warm_up_and_rules()
    {
        var training = new TrainingOptions
        {
            Epochs = 20,
            WarmUpEpochs = 2,
            Schedule = new StepOptions { At = [10, 16] },
            Stop = new StopOptions { ChanceEpochs = 8 }
        };
        var half = TuningPlan.Over(training, 10);
        Assert.That((half.Epochs, half.WarmUpEpochs, half.Stop!.ChanceEpochs), Is.EqualTo((10, 1.0, 4.0)));
        Assert.That(((StepOptions)half.Schedule).At, Is.EqualTo(new[] { 5.0, 8.0 }));
        Assert.That(TuningPlan.Over(training, 20), Is.SameAs(training));
    }

    [Test]
    public void Trials_use_only_the_training_set_one_side_to_train_and_one_to_test()
    {
        using var searched = new SearchedSuite();
        foreach (var spec in searched.Plan.StandIns().Select(trial => trial.Spec))
        {
            var (rest, pairs) = ((HeldOutOptions)spec.Data, (DrawnPairsOptions)spec.Tests.Single());
            Assert.That((rest.Of, rest.Held), Is.EqualTo((searched.Suite.Data[0], false)));
            Assert.That(pairs.Of, Is.EqualTo(rest with { Held = true }));
            Assert.That(spec.Seed, Is.EqualTo(11));
        }
    }

    [Test]
    public void A_choice_for_another_search_is_refused_but_irrelevant_changes_are_accepted()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.1 * trial.Draw);
        searched.Choose();
        var tune = searched.Suite.Tune!;
        Suite[] others =
        [
            searched.Suite with { Tune = tune with { Seed = 1 } },
                searched.Suite with { Tune = tune with { Metric = TuneMetric.Accuracy } },
                    searched.Suite with { Tune = tune with { Trials = 5 } },
            searched.Suite with { Losses = [new ArcFaceOptions { Scale = 9 }, new NptOptions()] },
                searched.Suite with { Trainings = [searched.Suite.Trainings[0] with { Momentum = 0.8 }] },
        ];
        foreach (var other in others)
            Assert.That(() => ChoiceFile.Apply(other, searched.Store),
                Throws.TypeOf<SuiteException>(
                    ).With.Message.Contains("chosen for another search").And.Message.Contains(searched.TuningStore.Folder));
        Assert.That(ChoiceFile.Apply(searched.Suite with { Question = "Why?", Seeds = [3] }, searched.Store).Tuned, Is.Not.Null);
        Assert.That(ChoiceFile.Apply(searched.Suite with { Tune = null }, searched.Store).Tuned, Is.Null);
        File.WriteAllText(searched.ChoicePath, "{");
        Assert.That(() => ChoiceFile.Apply(searched.Suite, searched.Store),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("delete the file"));
    }

    [Test]
    public void The_choice_reads_back_and_is_reproduced_from_the_store_byte_by_byte()
    {
        using var searched = new SearchedSuite();
        searched.Finish(trial => 0.1 * trial.Draw);
        var written = searched.Choose().Write();
        Assert.That(SpecJson.Read<TuningChoice>(written).Write(), Is.EqualTo(written));
        Assert.That(TuningDecision.Make(searched.State).Write(), Is.EqualTo(written));
    }

    [Test]
    public void Other_faces_than_those_of_the_choice_are_reported()
    {
        using var searched = new SearchedSuite();
        var choice = TuningDecision.StandIn(searched.Plan) with { Data = new("another print", []) };
        Assert.That(TuningDecision.DataProblems(choice, searched.Suite, new DataRoot(".")), Has.Exactly(1)
            .Contains("other faces than those that the choice was made on"));
        using var source = searched.Plan.Validation.Data[0].Open(new DataRoot("."));
        var same = choice with { Data = new(DataFingerprint.Compute(source), []) };
        Assert.That(TuningDecision.DataProblems(same, searched.Suite, new DataRoot(".")), Is.Empty);
    }
}
