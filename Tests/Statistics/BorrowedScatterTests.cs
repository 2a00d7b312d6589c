using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

[Parallelizable]
public sealed class BorrowedScatterTests
{
    // limma 3.54.1: fitFDist(c(0.02, 0.5, 1.3, 4.1, 9.7, 0.3, 2.2, 30), df1 = 2) gives d0 and scale, squeezeVar the moderated variances
    [TestCase(0.02, 0.34557018)]
    [TestCase(30, 18.911103)]
    public void A_moderated_variance_equals_that_of_limma(double own, double expected) =>
        Assert.That(BorrowedScatter.Squeeze(1.22964075, 0.87510724, 2, own), Is.EqualTo(expected).Within(5e-7 * expected));

    [Test]
    public void The_borrowed_variance_counts_as_four_degrees_of_freedom()
    {
        var scatter = new BorrowedScatter(2, 14);
        Assert.That(scatter.Moderate(1, 3), Is.EqualTo((4 * 2 + 2 * 1) / 6.0).Within(1e-15));
        Assert.That(Enumerable.Range(2, 4).Select(scatter.Freedom), Is.EqualTo(new[] { 5, 6, 7, 8 }));
        Assert.That(new BorrowedScatter(2, 5).Freedom(10), Is.EqualTo(5), "no more than the residuals have");
    }

    [Test]
    public void Losses_are_left_out_until_two_seeds_are_complete()
    {
        var baseline = Fixture.Of(1, 2, 4, 3);
        var (full, other) = (Fixture.Of(2, 1, 5, 3), Fixture.Of(2, 2, 3, 5));
        var late = new LossSeeds(new Dictionary<int, double> { [3] = 1, [4] = 9 });
        var early = new LossSeeds(new Dictionary<int, double> { [1] = 1, [2] = 9 });
        Assert.That(BorrowedScatter.Of(baseline, [full, other, late])!.ResidualFreedom, Is.EqualTo(1 * 3), "seeds 3 and 4");
        // no seed is common to early and late: one of them goes
        Assert.That(BorrowedScatter.Of(baseline, [full, other, late, early])!.ResidualFreedom, Is.EqualTo(1 * 3));
        Assert.That(BorrowedScatter.Of(baseline, [full, other])!.ResidualFreedom, Is.EqualTo(3 * 2));
        Assert.That(BorrowedScatter.Of(baseline, [Fixture.Of(1), Fixture.Of()]), Is.Null);
        Assert.That(BorrowedScatter.Of(Fixture.Of(1), [full]), Is.Null);
        Assert.That(BorrowedScatter.Of(baseline, [full, other with { Collapsed = 1 }]), Is.EqualTo(BorrowedScatter.Of(baseline, [full])));
    }
}
