using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Losses;

namespace Ablation.Tests.Reports;

/// <summary>The sentence at the head of a report summarises the tables.</summary>
public sealed class AnswerTests
{
    // differences of 12, 12, 11, 12, 11, 12 pairs of 200; t interval by hand: 5.8333 +- 2.5706 * 0.25820 / sqrt 6
    private const string Better =
        "pairs, Small, 16 px: ArcFace has the highest accuracy, 94.58 % (10-fold, grid; 6 seeds): +5.83 percentage points from Softmax "
        + "(95 % interval of the paired difference +5.56 to +6.10, Holm p < 0.001, 6 seeds): better.";

    [Test]
    public void One_table_gives_the_best_loss_and_its_difference_from_the_baseline()
    {
        using var known = new KnownSuite(16).Save();
        Assert.That(known.Answer(), Is.EqualTo(Better), "the untrained network does not count, although it is better");
    }

    [Test]
    public void A_best_baseline_is_reported_with_the_next_loss()
    {
        using var known = new KnownSuite(16);
        known.Suite = known.Suite with { Baseline = "ArcFace" };
        known.Save();
        Assert.That(known.Answer(),
            Is.EqualTo("pairs, Small, 16 px: ArcFace has the highest accuracy, 94.58 % (10-fold, grid; 6 seeds); it is the baseline. " +
                "The next is Softmax: "
            + "-5.83 percentage points from ArcFace (95 % interval of the paired difference -6.10 to -5.56, Holm p < 0.001, 6 seeds): " +
                "worse."));
    }

    [Test]
    public void A_small_difference_is_not_distinguishable()
    {
        using var known = new KnownSuite(16)
            .Save(trial => trial.Label == "ArcFace" ? null : KnownSuite.Wrong(trial) - (trial is { Label: "Npt", Spec.Seed: 1 } ? 3 : 0));
        Assert.That(known.Answer(), Does.StartWith("So far (18 of 24 trials): pairs, Small, 16 px: Npt has the highest accuracy, 89.00 %")
            .And.EndWith(
                "+0.25 percentage points from Softmax (95 % interval of the paired difference -0.39 to +0.89, Holm p = 1.000, 6 seeds): " +
                "not distinguishable."));
    }

    [Test]
    public void Several_tables_are_counted_loss_by_loss()
    {
        using var known = new KnownSuite(16, 32);
        known.Save(trial => trial.Label == "ArcFace" && trial.Spec.Resolution == 32
            ? KnownSuite.Wrong(trial) + 12 - trial.Spec.Seed % 2 : KnownSuite.Wrong(trial));
        const string start = "Against Softmax over 2 tables (accuracy, 10-fold, grid; paired t, Holm over a table, level 0.05): ";
        Assert.That(known.Answer(),
            Is.EqualTo(start + "ArcFace is better in 1, worse in 0, not distinguishable in 1; one other loss: distinguishable in none."));
        known.Save(trial => trial.Label == "ArcFace"
            ? KnownSuite.Wrong(trial) + (trial.Spec.Resolution == 32 ? 25 : 0) : KnownSuite.Wrong(trial));
        Assert.That(known.Answer(), Does.StartWith(start + "ArcFace is better in 1, worse in 1, not distinguishable in 0;"));
        known.Save(trial => KnownSuite.Wrong(trial) + (trial.Label == "ArcFace" ? 12 - trial.Spec.Seed % 2 : 0));
        Assert.That(known.Answer(), Is.EqualTo(start + "no loss is distinguishable from it in any."));
    }

    [Test]
    public void The_loss_that_is_better_most_often_is_named_first()
    {
        using var known = new KnownSuite(16, 32);
        known.Save(trial => KnownSuite.Wrong(trial)
            + (trial.Label == "ArcFace" ? 30 : trial is { Label: "Npt", Spec.Resolution: 16 } ? trial.Spec.Seed % 2 - 12 : 0));
        Assert.That(known.Answer(),
            Does.EndWith(
                ": Npt is better in 1, worse in 0, not distinguishable in 1; ArcFace is better in 0, worse in 2, not distinguishable in " +
                "0."));
    }

    [Test]
    public void A_probability_is_given_to_three_digits_down_to_one_in_a_thousand()
    {
        using var known = new KnownSuite(16)
            .Save(trial => KnownSuite.Wrong(trial) + (trial.Label == "ArcFace" ? 3 * (trial.Spec.Seed % 3) : 0));
        Assert.That(known.Answer(), Does.Contain("Holm p = 0.00"));
    }

    [Test]
    public void Six_losses_are_named_and_the_others_counted()
    {
        using var known = new KnownSuite(16, 32);
        known.Suite = known.Suite with
        {
            Losses = [new SoftmaxOptions(), new ArcFaceOptions(), new NptOptions(), new CosFaceOptions(), new NormalisedSoftmaxOptions(),
                new SphereFaceOptions(), new ProxyTripletOptions(), new ProxyNcaOptions()],
        };
        known.Save(trial => trial.Label is "Softmax" or Labels.Untrained ? 40 + trial.Spec.Seed % 2 : 10);
        Assert.That(known.Answer().Split("is better in 2, worse in 0").Length - 1, Is.EqualTo(6), known.Answer());
        Assert.That(known.Answer(), Does.EndWith("; one other loss: in the tables below."));
    }

    [Test]
    public void One_seed_is_judged_by_McNemar_and_the_answer_says_so()
    {
        using var known = new KnownSuite(16).Save(trial => trial.Spec.Seed == 1 ? KnownSuite.Wrong(trial) : null);
        Assert.That(known.Answer(),
            Is.EqualTo("So far (4 of 24 trials): pairs, Small, 16 px: ArcFace has the highest accuracy, 96.00 % (10-fold, grid; 1 seed): "
            + "+6.00 percentage points from Softmax (1 seed): better (McNemar, one seed)."));
    }

    [Test]
    public void Without_other_figures_there_is_no_comparison()
    {
        using var none = new KnownSuite(16);
        Assert.That(none.Answer(), Is.EqualTo("No answer yet: none of 24 trials is finished."));
        using var untrained = new KnownSuite(16).Save(trial => trial.Label == "untrained" ? 5 : null);
        Assert.That(untrained.Answer(), Is.EqualTo("So far (6 of 24 trials): no trial of a trained network has a figure."));
        using var alone = new KnownSuite(16).Save(trial => trial.Label == "Npt" ? 5 : null);
        Assert.That(alone.Answer(),
            Does.EndWith("Npt has the highest accuracy, 97.50 % (10-fold, grid; 6 seeds); no other loss has one to compare it with."));
        using var apart = new KnownSuite(16).Save(trial => trial.Label is "Npt" or "ArcFace" ? KnownSuite.Wrong(trial) : null);
        Assert.That(apart.Answer(), Does.EndWith("; Softmax, the baseline, has none to compare it with."));
    }

    [Test]
    public void Unpaired_trials_give_no_answer()
    {
        using var known = new KnownSuite(16)
            .Save(change: result => result.Label == "Npt" ? result with { Pairing = result.Pairing with { Weights = "other" } } : result);
        Assert.That(known.Answer(), Is.EqualTo("No answer: trials of one seed did not start alike, so their differences are not paired."));
        known.Save(change: result => result with { Provenance = result.Provenance with { Data = new DataFingerprint(result.Label, []) } });
        Assert.That(known.Answer(), Is.EqualTo("No answer: the trials did not see the same data."));
    }
}
