using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Intervals of shares and of their differences stay where shares can be.</summary>
[Parallelizable]
public sealed class BoundsTests
{
    [Test]
    public void An_interval_inside_is_even()
    {
        Assert.That(Bounds.OfShare(0.5, 0.2), Is.EqualTo(new Bounds(0.3, 0.7)));
        Assert.That(Bounds.OfShareDifference(-0.1, 0.2), Is.EqualTo(Bounds.Around(-0.1, 0.2)));
    }

    [Test]
    public void An_end_outside_is_taken_on_the_logit_scale()
    {
        var low = Bounds.OfShare(0.05, 0.1);
        // logit 0.05 = ln(1 / 19); the step 0.1 / (0.05 x 0.95)
        Assert.That(low.Low, Is.EqualTo(1 / (1 + 19 * Math.Exp(0.1 / 0.0475))).Within(1e-15));
        Assert.That(low.High, Is.EqualTo(0.15).Within(1e-15));
        Assert.That(Bounds.OfShare(0.95, 0.1), Is.EqualTo(new Bounds(1 - low.High, 1 - low.Low)).Using<Bounds>((x, y) =>
            Math.Abs(x.Low - y.Low) + Math.Abs(x.High - y.High) < 1e-12));
        Assert.That(Bounds.OfShare(1, 0.1), Is.EqualTo(new Bounds(0.9, 1)));
        Assert.That(Bounds.OfShare(0, 0.1), Is.EqualTo(new Bounds(0, 0.1)));
    }

    [Test]
    public void No_interval_leaves_the_range_or_misses_its_centre(
        [Values(1e-6, 0.01, 0.3, 0.5, 0.97, 0.999999)] double share, [Values(1e-3, 0.1, 0.6, 5)] double half)
    {
        var (of, sign) = (Bounds.OfShare(share, half), share - 0.5);
        Assert.That(of.Low, Is.InRange(0, share));
        Assert.That(of.High, Is.InRange(share, 1));
        var difference = Bounds.OfShareDifference(2 * sign, half);
        Assert.That(difference.Low, Is.InRange(-1, 2 * sign));
        Assert.That(difference.High, Is.InRange(2 * sign, 1));
        Assert.That(difference.Excludes(0), Is.EqualTo(Bounds.Around(2 * sign, half).Excludes(0)), "as the plain interval");
    }

    [Test]
    public void Within_a_margin_means_both_ends()
    {
        Assert.That(new Bounds(-0.4, 0.4).IsWithin(0.5), Is.True);
        Assert.That(new Bounds(-0.6, 0.4).IsWithin(0.5), Is.False);
        Assert.That(new Bounds(-0.4, 0.6).IsWithin(0.5), Is.False);
    }
}
