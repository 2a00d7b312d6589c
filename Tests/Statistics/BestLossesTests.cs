using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

[Parallelizable]
public sealed class BestLossesTests
{
    [Test]
    public void Those_that_no_loss_beats_are_marked()
    {
        LossSeeds[] all = [Fixture.Column.Baseline, .. Fixture.Column.Losses];
        // ProxyTriplet and NPT lie far below; the others are within a few points
        Assert.That(BestLosses.Of(all, higherIsBetter: true), Is.EqualTo(new[] { true, true, true, false, true, true, true, false })
            .Or.EqualTo(new[] { true, true, true, false, true, true, false, false }));
        Assert.That(BestLosses.Of(all, higherIsBetter: false), Is.EqualTo(all.Select((_, i) => i == 7)), "NPT is far below all others");
    }

    [Test]
    public void The_limit_is_Dunnetts_one_sided_value()
    {
        // two losses whose differences vary by 1 around d: with three seeds s = 1, f = 2, one-sided t 2.92 / sqrt 3 = 1.686
        Assert.That(BestLosses.Of([Fixture.Of(0, 0, 0), Fixture.Of(0.69, 1.69, 2.69)], true), Is.EqualTo(new[] { false, true }));
        Assert.That(BestLosses.Of([Fixture.Of(0, 0, 0), Fixture.Of(0.68, 1.68, 2.68)], true), Is.EqualTo(new[] { false, false }));
    }

    [Test]
    public void Nothing_is_marked_without_three_common_seeds_or_a_difference()
    {
        Assert.That(BestLosses.Of([Fixture.Of(1, 1.1), Fixture.Of(9, 9.1)], true), Is.All.False, "two seeds");
        Assert.That(BestLosses.Of([Fixture.Of(1, 2, 3), Fixture.Of(9, 9, 9, 9)], true), Is.All.False, "different seeds");
        Assert.That(BestLosses.Of([Fixture.Of(1, 2, 3)], true), Is.All.False, "nothing to compare with");
        Assert.That(BestLosses.Of([Fixture.Of(1, 2, 3), Fixture.Of(3, 1, 2)], true), Is.All.False, "all may be the best");
        Assert.That(BestLosses.Of([Fixture.Of(1, 1, 1), Fixture.Of(1, 1, 1)], true), Is.All.False, "all are the same");
        Assert.That(BestLosses.Of([Fixture.Of(1, 2, 1.5), Fixture.Of(9, 9.5, 8.8), Fixture.Of(20, 20.5) with { Collapsed = 1 }], true),
            Is.EqualTo(new[] { false, true, false }), "one that collapsed is not among the best");
    }
}
