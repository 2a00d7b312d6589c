using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Tests.Reports;

/// <summary>The answer at the head of a report says what the tables say. Numbers by an independent calculation.</summary>
[Parallelizable]
public sealed class AnswerTests
{
    // differences of 12, 12, 11, 12, 11, 12 pairs of 200: 5.8333 +- 0.3674 over two losses, 9 degrees of freedom
    private const string Better = "ArcFace is better than Softmax by 5.8 points (simultaneous 95 % interval +5.5 to +6.2, p < 0.001, "
        + "Dunnett over 2 losses, 6 seeds).";

    [Test]
    public void Without_a_claim_the_best_loss_is_compared_with_the_baseline()
    {
        using var known = Known().Save();
        Assert.That(known.Answer(), Is.EqualTo("ArcFace has the highest accuracy, 94.6 % (pairs, Small, 16 px; 10-fold, grid; 6 seeds). "
            + Better), "the untrained network does not count, although it is better");
    }

    [Test]
    public void A_best_baseline_is_reported_with_the_next_loss()
    {
        using var known = Known();
        known.Suite = known.Suite with { Baseline = "ArcFace" };
        known.Save();
        Assert.That(known.Answer(),
            Is.EqualTo("ArcFace has the highest accuracy, 94.6 % (pairs, Small, 16 px; 10-fold, grid; 6 seeds); it is the baseline. "
            + "Softmax is worse than ArcFace by 5.8 points (simultaneous 95 % interval -6.2 to -5.5, p < 0.001, Dunnett over 2 losses, "
            + "6 seeds)."));
    }

    [Test]
    public void A_claim_is_answered_yes_or_no()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }).Save();
        Assert.That(known.Answer(), Is.EqualTo("Yes. ArcFace has 94.6 %, Softmax 88.8 % (pairs, Small, 16 px; accuracy, 10-fold, grid). "
            + Better));
        known.Suite = known.Suite with { Claim = new ClaimOptions { Subject = "ArcFace", Better = false } };
        Assert.That(known.Answer(), Does.StartWith("No. ").And.EndWith(Better));
        known.Suite = known.Suite with { Baseline = "ArcFace", Claim = new ClaimOptions { Subject = "Softmax" } };
        Assert.That(known.Answer(), Does.StartWith("No. ").And.Contain("Softmax is worse than ArcFace by 5.8 points"));
    }

    [Test]
    public void An_open_difference_says_what_the_seeds_would_have_found()
    {
        using var known = Known(new ClaimOptions { Subject = "Npt" }).Save();
        Assert.That(known.Answer(), Is.EqualTo("Not settled. Npt has 88.8 %, Softmax 88.8 % (pairs, Small, 16 px; accuracy, 10-fold, "
            + "grid). Npt cannot be told from Softmax: 0.0 points (simultaneous 95 % interval -0.5 to +0.5, p = 1.000, Dunnett over 2 "
            + "losses, 6 seeds). 6 seeds find a true difference of 0.7 points in four of five repetitions, and smaller ones less often."));
    }

    [TestCase(0.5, "No. ", "Npt equals Softmax within 0.5 points: 0.0 (")]
    [TestCase(0.3, "Not settled. ", "Equality within 0.3 points cannot be shown with these seeds.")]
    public void A_practical_margin_makes_equality_a_verdict(double points, string start, string part)
    {
        using var known = Known(new ClaimOptions { Subject = "Npt" }).Save();
        known.Suite = known.Suite with { Practical = [new PracticalMargin { Metric = "accuracy", Points = points }] };
        Assert.That(known.Answer(), Does.StartWith(start).And.Contain(part)); // 1.833 (t 0.95, 9 d.f.) x 0.2034 = 0.373
    }

    [Test]
    public void A_small_better_difference_is_called_small()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }).Save();
        known.Suite = known.Suite with { Practical = [new PracticalMargin { Metric = "accuracy", Points = 7 }] };
        Assert.That(known.Answer(), Does.StartWith("Yes. ")
            .And.Contain("is better than Softmax by 5.8 points, by less than the 7 points that matter ("));
    }

    [Test]
    public void A_margin_that_no_table_uses_is_named()
    {
        using var known = Known().Save();
        known.Suite = known.Suite with { Practical = [new PracticalMargin { Metric = "acuracy", Points = 1 }] };
        Assert.That(known.Answer(), Does.StartWith("practical: no table judges \"acuracy\"; judged: accuracy. "));
    }

    [Test]
    public void An_unfinished_suite_gets_no_verdict_word()
    {
        using var known = Known(new ClaimOptions { Subject = "Npt" })
            .Save(trial => trial.Label == "ArcFace" ? null : KnownSuite.Wrong(trial) - (trial is { Label: "Npt", Spec.Seed: 1 } ? 3 : 0));
        // differences of 2, 1, -1, 1, -1, 1 pairs: with one loss the paired t test, 0.25 +- 0.6426
        Assert.That(known.Answer(), Does.StartWith("So far, 18 of 24 trials: Npt has 89.0 %, Softmax 88.8 %")
            .And.Contain("+0.3 points (95 % interval -0.4 to +0.9, p = 0.363, paired t, 6 seeds)"));
    }

    [Test]
    public void Three_seeds_say_that_scatter_is_borrowed()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }, seeds: 3).Save();
        Assert.That(known.Answer(), Does.StartWith("Yes. ").And.EndWith("ArcFace is better than Softmax by 5.8 points (simultaneous 95 % " +
            "interval +5.0 to +6.6, p < 0.001, Dunnett over 2 losses, 3 seeds; scatter partly borrowed from the other losses)."));
    }

    [Test]
    public void Two_seeds_give_an_interval_and_no_word()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }, seeds: 2).Save();
        Assert.That(known.Answer(), Is.EqualTo("ArcFace has 95.5 %, Softmax 89.5 % (pairs, Small, 16 px; accuracy, 10-fold, grid). " +
            "ArcFace lies 6.0 points above Softmax (simultaneous 95 % interval +4.0 to +8.0); a verdict needs three seeds."));
    }

    [Test]
    public void One_seed_speaks_of_two_networks()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }, seeds: 1).Save();
        Assert.That(known.Answer(), Is.EqualTo("ArcFace has 96.0 %, Softmax 90.0 % (pairs, Small, 16 px; accuracy, 10-fold, grid). " +
            "ArcFace lies 6.0 points above Softmax with one seed (McNemar of these two networks: p < 0.001); whether the losses differ " +
            "cannot be said."));
        known.People = 100;
        known.Save();
        Assert.That(known.Answer(), Does.Contain("with one seed (identity bootstrap of these two networks, 95 % +")
            .And.EndWith("; whether the losses differ cannot be said."));
    }

    [Test]
    public void The_people_of_the_test_widen_the_interval()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" });
        known.People = 100;
        known.Save();
        Assert.That(known.Answer(), Does.Contain(Better + " For other people than the 100 of this test, the 95 % interval of the " +
            "difference is "));
        var one = Summary.Read(known.Suite, known.Store).Tables[0].Rows.Single(row => row.Loss == "ArcFace").Cells[0].Comparison!;
        Assert.That(one.People!.Interval.High - one.People.Interval.Low, Is.GreaterThan(one.Alone!.Value.High - one.Alone.Value.Low));
        Assert.That(one.People.How, Is.EqualTo("paired identity bootstrap over 6 seeds, 500 draws, seed 0"));
    }

    [Test]
    public void A_collapsed_seed_is_reported_and_takes_the_interval()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }).Save(
            change: result => result is { Label: "ArcFace", Spec.Seed: 3 } ? result with { Status = TrialStatus.AtChance } : result);
        Assert.That(known.Answer(), Does.StartWith("ArcFace collapsed in 1 of 6 seeds. Not settled. ArcFace has 94.8")
            .And.EndWith("ArcFace lies 5.9 points above Softmax in the other seeds; it collapsed in 1 seed, and no interval over seeds " +
                "is right for that."));
        var cell = Summary.Read(known.Suite, known.Store).Tables[0].Rows.Single(row => row.Loss == "ArcFace").Cells[0];
        Assert.That((cell.N, cell.Collapsed, cell.Interval), Is.EqualTo((5, 1, (Harness.Statistics.Bounds?)null)));
    }

    [Test]
    public void Over_several_columns_yes_needs_all()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }, 16, 32).Save();
        Assert.That(known.Answer(), Does.StartWith("Yes. ArcFace is better on pairs, Small, 16 px (+5.8); pairs, Small, 32 px (+5.8). " +
            "Each of the 2 holds at 0.05 by itself, so all hold together."));
        known.Save(trial => trial.Label == "ArcFace" && trial.Spec.Resolution == 32
            ? KnownSuite.Wrong(trial) + 12 - trial.Spec.Seed % 2 : KnownSuite.Wrong(trial));
        Assert.That(known.Answer(), Does.StartWith("It depends. ArcFace is better on pairs, Small, 16 px (+5.8). ArcFace is open on " +
            "pairs, Small, 32 px (").And.Contain("Sure after correction for 2 columns: pairs, Small, 16 px (+5.8)."));
        known.Save(trial => KnownSuite.Wrong(trial) + (trial.Label != "ArcFace" ? 0
            : trial.Spec.Resolution == 32 ? 25 : 12 + (trial.Spec.Seed % 2 == 0 ? -2 : 3)));
        Assert.That(known.Answer(), Does.StartWith("No. ").And.Contain("ArcFace is worse on pairs, Small, 32 px"),
            "both point against the claim, and one surely");
        known.Save(trial => KnownSuite.Wrong(trial) + (trial.Label == "ArcFace" ? trial.Spec.Resolution == 32 ? 25 : 0 : 0));
        Assert.That(known.Answer(), Does.StartWith("It depends. ").And.Contain("is better on").And.Contain("is worse on"));
        known.Save(trial => KnownSuite.Wrong(trial) + (trial.Label == "ArcFace" ? 12 - trial.Spec.Seed % 2 : 0));
        Assert.That(known.Answer(), Does.StartWith("Not settled. ArcFace is open on "));
    }

    [Test]
    public void Without_a_claim_several_columns_are_counted_loss_by_loss()
    {
        using var known = Known(null, 16, 32);
        known.Save(trial => KnownSuite.Wrong(trial)
            + (trial.Label == "ArcFace" ? 30 : trial is { Label: "Npt", Spec.Resolution: 16 } ? trial.Spec.Seed % 2 - 12 : 0));
        Assert.That(known.Answer(), Is.EqualTo("Against Softmax over 2 columns, each judged by itself at 0.05: Npt is better in 1, worse " +
            "in 0, open in 1; ArcFace is better in 0, worse in 2, open in 0. By chance alone, up to 5 % of such columns hold a false " +
            "verdict: the counts are no test."));
        known.Save(trial => KnownSuite.Wrong(trial) + (trial.Label == "ArcFace" ? 12 - trial.Spec.Seed % 2 : 0));
        Assert.That(known.Answer(), Does.EndWith(": no loss is better or worse in any."));
    }

    [Test]
    public void Six_losses_are_named_and_the_others_counted()
    {
        using var known = Known(null, 16, 32);
        known.Suite = known.Suite with
        {
            Losses = [new SoftmaxOptions(), new ArcFaceOptions(), new NptOptions(), new CosFaceOptions(), new NormalisedSoftmaxOptions(),
                new SphereFaceOptions(), new ProxyTripletOptions(), new ProxyNcaOptions()],
        };
        known.Save(trial => trial.Label is "Softmax" or Labels.Untrained ? 40 + trial.Spec.Seed % 2 : 10);
        Assert.That(known.Answer().Split("is better in 2, worse in 0").Length - 1, Is.EqualTo(6), known.Answer());
        Assert.That(known.Answer(), Does.Contain("; one other loss: in the tables below."));
    }

    [Test]
    public void Without_other_figures_there_is_no_comparison()
    {
        using var none = Known();
        Assert.That(none.Answer(), Is.EqualTo("No answer yet: none of 24 trials is finished."));
        using var untrained = Known().Save(trial => trial.Label == "untrained" ? 5 : null);
        Assert.That(untrained.Answer(), Is.EqualTo("So far, 6 of 24 trials: No trial of a trained network has a figure."));
        using var alone = Known().Save(trial => trial.Label == "Npt" ? 5 : null);
        Assert.That(alone.Answer(),
            Does.EndWith("Npt has the highest accuracy, 97.5 % (pairs, Small, 16 px; 10-fold, grid; 6 seeds); no other loss has one to " +
                "compare it with."));
        using var apart = Known().Save(trial => trial.Label is "Npt" or "ArcFace" ? KnownSuite.Wrong(trial) : null);
        Assert.That(apart.Answer(), Does.EndWith("; the baseline has none to compare it with."));
        using var missing = Known(new ClaimOptions { Subject = "Npt" })
            .Save(trial => trial.Label == "Npt" ? null : KnownSuite.Wrong(trial));
        Assert.That(missing.Answer(), Does.EndWith("No answer: Npt has no finished trial."));
    }

    [Test]
    public void Unpaired_trials_give_no_answer()
    {
        using var known = Known(new ClaimOptions { Subject = "Npt" })
            .Save(change: result => result.Label == "Npt" ? result with { Pairing = result.Pairing with { Weights = "other" } } : result);
        Assert.That(known.Answer(), Is.EqualTo("No answer: trials of one seed did not start alike, so their differences are not paired."));
        known.Save(change: result => result with { Provenance = result.Provenance with { Data = new DataFingerprint(result.Label, []) } });
        Assert.That(known.Answer(), Is.EqualTo("No answer: the trials did not see the same data."));
    }

    private static KnownSuite Known(ClaimOptions? claim = null, params int[] resolutions) => Known(claim, 6, resolutions);

    private static KnownSuite Known(ClaimOptions? claim, int seeds, int[]? resolutions = null)
    {
        var known = new KnownSuite(resolutions is { Length: > 0 } ? resolutions : [16]);
        known.Suite = known.Suite with { Claim = claim, Seeds = [.. Enumerable.Range(1, seeds)] };
        return known;
    }
}
