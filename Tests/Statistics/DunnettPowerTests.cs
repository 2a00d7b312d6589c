using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>The smallest differences in units of the moderated deviation, by a simulation-free calculation of its own.</summary>
[Parallelizable]
public sealed class DunnettPowerTests
{
    [TestCase(4, 2, 3.517)]
    [TestCase(4, 3, 2.465)]
    [TestCase(4, 5, 1.778)]
    [TestCase(4, 10, 1.163)]
    [TestCase(7, 2, 3.482)]
    [TestCase(7, 3, 2.665)]
    [TestCase(7, 5, 1.909)]
    [TestCase(7, 10, 1.239)]
    [TestCase(11, 2, 3.698)]
    [TestCase(11, 3, 2.821)]
    [TestCase(11, 5, 2.012)]
    [TestCase(11, 10, 1.298)]
    public void The_smallest_difference_equals_the_reference(int losses, int n, double expected)
    {
        var freedom = Math.Min(4 + n - 1, (n - 1) * losses);
        var found = DunnettPower.SmallestNoncentrality(new ComparedFamily(losses, 1, false).Critical(freedom), freedom) / Math.Sqrt(n);
        Assert.That(found, Is.EqualTo(expected).Within(5.1e-4));
    }

    [Test]
    public void A_comparison_says_what_its_seeds_find()
    {
        var one = Fixture.Loss("Npt");
        Assert.That(one.SmallestFound, Is.EqualTo(2.665 * one.Deviation!.Value).Within(1e-3 * one.Deviation.Value));
        Assert.That(one.SeedsNeeded!.Value.Number, Is.EqualTo(3), "no verdict rests on fewer");
    }

    [Test]
    public void One_seed_fewer_falls_short([Values(0.25, 0.6, 1.2, 1.909, 2.7)] double effect)
    {
        var family = new ComparedFamily(7, 1, false);
        var n = DunnettPower.SeedsNeeded(-effect, family).Number!.Value;
        Assert.That(Smallest(n), Is.LessThanOrEqualTo(effect));
        if (n > 3) Assert.That(Smallest(n - 1), Is.GreaterThan(effect));

        double Smallest(int seeds)
        {
            var freedom = Math.Min(seeds + 3, 7 * (seeds - 1));
            return DunnettPower.SmallestNoncentrality(family.Critical(freedom), freedom) / Math.Sqrt(seeds);
        }
    }

    // Cohen 1988, one comparison: 34 pairs for d = 0.5, 15 for 0.8 and 199 for 0.2 at power 0.8
    [TestCase(0.5, 34)]
    [TestCase(0.2, 199)]
    [TestCase(0.8, 15)]
    [TestCase(2, 5)]
    [TestCase(5, 3)]
    [TestCase(0.05, null)]
    public void For_one_loss_the_seeds_are_those_of_the_paired_t_test(double effect, int? expected) =>
        Assert.That(DunnettPower.SeedsNeeded(effect, new ComparedFamily(1, 1, false)).Number, Is.EqualTo(expected));

    [Test]
    public void Above_a_thousand_seeds_no_number_is_given() =>
        Assert.That((new NeededSeeds(7).ToString(), new NeededSeeds(null).ToString()), Is.EqualTo(("7", "more than 1,000")));

    [TestCase(1, 0.05, 12.706204736174705)]
    [TestCase(1, 0.0005, 1273.239282935764)]
    [TestCase(2, 0.05, 4.302652729749464)]
    [TestCase(4, 0.05 / 32, 7.658208954432512)]
    [TestCase(30, 0.01, 2.7499956535672254)]
    public void Tails_of_t_equal_those_of_mpmath(int degrees, double level, double expected) =>
        Assert.That(StudentTail.TwoSided(degrees, level), Is.EqualTo(expected).Within(1e-12 * expected));
}
