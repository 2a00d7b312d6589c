using Ablation.Harness.Statistics;
using MathNet.Numerics.Distributions;

namespace Ablation.Tests.Statistics;

[Parallelizable]
public sealed class PeopleIntervalTests
{
    [Test]
    public void The_variance_of_people_is_added_with_Satterthwaites_degrees_of_freedom()
    {
        var one = Fixture.Loss("SphereFace");
        var (seeds, people) = (one.StandardError!.Value * one.StandardError.Value, 0.7 * 0.7);
        var freedom = Math.Pow(seeds + people, 2) / (seeds * seeds / 6 + people * people / 499);
        var half = StudentT.InvCDF(0, 1, freedom, 0.975) * Math.Sqrt(seeds + people);
        var found = PeopleInterval.Of(one, people, 500, "drawn", isShare: false)!;
        Assert.That(found.Interval.Low, Is.EqualTo(-0.49 - half).Within(1e-9));
        Assert.That(found.Interval.High, Is.EqualTo(-0.49 + half).Within(1e-9));
        Assert.That((found.Deviation, found.Persons, found.How), Is.EqualTo((0.7, 500, "drawn")).Within(1e-15));
        Assert.That(found.Interval.Low, Is.LessThan(one.Alone!.Value.Low), "people can only add");
    }

    [Test]
    public void Without_people_it_is_the_interval_of_this_test()
    {
        var one = Fixture.Loss("CosFace");
        var found = PeopleInterval.Of(one, 0, 500, "", isShare: false)!;
        Assert.That(found.Interval.Low, Is.EqualTo(one.Alone!.Value.Low).Within(1e-9));
    }

    [Test]
    public void Without_a_standard_error_there_is_none() =>
        Assert.That(PeopleInterval.Of(new LossComparison(1, Verdict.OneSeed) { Difference = 1 }, 1, 5, "", false), Is.Null);
}
