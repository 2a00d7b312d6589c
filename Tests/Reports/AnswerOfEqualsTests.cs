using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Reports;

/// <summary>The answer where losses are equal, and where a column of the claim has no figure.</summary>
[Parallelizable]
public sealed class AnswerOfEqualsTests
{
    [Test]
    public void A_claim_over_columns_of_which_one_has_no_figure_is_not_settled()
    {
        using var known = Known(new ClaimOptions { Subject = "ArcFace" }, 6, 16, 32)
            .Save(trial => trial.Condition.Resolution == 32 ? null : KnownSuite.Wrong(trial));
        foreach (var plan in known.Suite.Trials().Where(plan => plan.Condition.Resolution == 32))
            known.Store.Save(new TrialFailure(plan.Spec.Id(), plan.Label, plan.Spec.Seed, DateTimeOffset.UnixEpoch, "broken", ""));
        Assert.That(known.Answer(), Does.Contain("Not settled. ArcFace is better on pairs, Small, 16 px")
            .And.Contain("ArcFace has no figure on pairs, Small, 32 px"));
    }

    [Test]
    public void Equal_losses_share_a_rank_and_are_called_equal()
    {
        using var known = Known(null, 6, 16).Save(trial => trial.Label == "untrained" ? 50 : 5);
        Assert.That(known.Answer(), Does.StartWith("Softmax, ArcFace and Npt share the highest accuracy, 97.5 % "));
        using var one = Known(null, 1, 16).Save(trial => trial.Label == "untrained" ? 50 : 5);
        Assert.That(one.Answer(), Does.Contain(" equals Softmax with one seed"));
    }

    private static KnownSuite Known(ClaimOptions? claim, int seeds, params int[] resolutions)
    {
        var known = new KnownSuite(resolutions);
        known.Suite = known.Suite with { Claim = claim, Seeds = [.. Enumerable.Range(1, seeds)] };
        return known;
    }
}
