using Ablation.Harness.Statistics;
using MathNet.Numerics.Distributions;

namespace Ablation.Tests.Statistics;

[Parallelizable]
public sealed class MeanIntervalTests
{
    [Test]
    public void The_deviation_is_borrowed_as_that_of_differences_is()
    {
        LossSeeds[] losses = [Fixture.Of(1, 2, 3), Fixture.Of(4, 4, 7)]; // variances 1 and 3
        var found = MeanInterval.Of(losses, isShare: false);
        // V = 2, f = min(4 + 2, 2 + 2) = 4
        var half = StudentT.InvCDF(0, 1, 4, 0.975) * Math.Sqrt((4 * 2 + 2 * 1) / 6.0 / 3);
        Assert.That(found[0]!.Value.Low, Is.EqualTo(2 - half).Within(1e-12));
        Assert.That(found[0]!.Value.High, Is.EqualTo(2 + half).Within(1e-12));
    }

    [Test]
    public void One_loss_has_its_own_t_interval()
    {
        var found = MeanInterval.Of([Fixture.Of(1, 2, 3)], isShare: false)[0]!.Value;
        Assert.That(found.High, Is.EqualTo(2 + 4.302652729749464 / Math.Sqrt(3)).Within(1e-9));
        Assert.That(MeanInterval.Of([Fixture.Of(1, 2)], isShare: false)[0], Is.Null, "t of one degree of freedom is 12.7");
    }

    [Test]
    public void A_share_stays_a_share_and_what_is_missing_has_no_interval()
    {
        var found = MeanInterval.Of([Fixture.Of(0.99, 0.97, 1), Fixture.Of(0.3), Fixture.Of(0.4, 0.5) with { Collapsed = 1 }],
            isShare: true);
        Assert.That(found[0]!.Value.High, Is.LessThan(1).And.GreaterThan(0.99));
        Assert.That(found.Skip(1), Is.All.Null);
        Assert.That(MeanInterval.Of([Fixture.Of()], true), Is.All.Null);
    }
}
