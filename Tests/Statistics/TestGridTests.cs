using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

[Parallelizable]
public sealed class TestGridTests
{
    [Test]
    public void The_interquartile_mean_is_scipys_trimmed_mean()
    {
        // scipy.stats.trim_mean([1, 2, 3, 4, 5, 6, 7, 100, 9, 10], 0.25): two from either end
        Assert.That(Of([[1, 2], [3, 4], [5, 6], [7, 100], [9, 10]]).InterquartileMean(),
            Is.EqualTo((3 + 4 + 5 + 6 + 7 + 9) / 6.0).Within(1e-12));
        Assert.That(Of([[1], [2], [6]]).InterquartileMean(), Is.EqualTo(3), "too few to trim");
        Assert.That(() => Of([]).InterquartileMean(), Throws.ArgumentException);
    }

    [Test]
    public void A_profile_is_the_share_of_results_above_a_limit()
    {
        var grid = Of([[1, 2], [2, 4]]);
        Assert.That(new[] { 0.5, 1, 2, 4 }.Select(grid.ShareAbove), Is.EqualTo(new[] { 1, 0.75, 0.25, 0 }));
    }

    [Test]
    public void A_seed_is_drawn_with_all_its_tests()
    {
        // tests that cancel: drawn together the mean of a seed is always 5
        var bounds = Of([[1, 9], [2, 8], [4, 6]]).Interval(200, Draws())!.Value;
        Assert.That(bounds.Low, Is.EqualTo(5).Within(1e-12));
        Assert.That(bounds.High, Is.EqualTo(5).Within(1e-12));
        Assert.That(Of([[1, 9], [2, 8]]).Interval(200, Draws()), Is.Null, "two seeds");
        var wide = Of([[1, 1], [5, 5], [9, 9]]).Interval(2000, Draws())!.Value;
        Assert.That((wide.Low, wide.High), Is.EqualTo((1.0, 9.0)), "one draw in 27 has three times the lowest");
    }

    private static TestGrid Of(double[][] seeds) => new([[.. seeds]]);

    private static Func<int, int> Draws() => new RandomStream(1, StreamPurpose.SeedBootstrap).NextBelow;
}
