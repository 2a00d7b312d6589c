using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>The interval over studies and seeds: by hand, and by how often it holds the truth.</summary>
[Parallelizable]
public sealed class StudyIntervalTests
{
    private static Dictionary<int, double> Seeds(params double[] values) =>
        values.Index().ToDictionary(one => one.Index + 1, one => one.Item);

    [Test]
    public void Of_one_study_it_is_the_t_interval_over_seeds()
    {
        var found = StudyInterval.Of([Seeds(0.01, 0.03, 0.02)])!;
        // mean 0.02, deviation 0.01, t(2) = 4.302653
        Assert.That((found.Mean, found.DegreesOfFreedom, found.Studies, found.Seeds), Is.EqualTo((0.02, 2, 1, 3)));
        Assert.That(found.Interval.High - found.Mean, Is.EqualTo(4.302653 * 0.01 / Math.Sqrt(3)).Within(1e-7));
    }

    [Test]
    public void Of_several_it_has_the_scatter_of_both()
    {
        // studies 1, 3; seeds 1.5, 2.5: MS of studies 2 * (1 + 1) = 4, of seeds 2 * (0.25 + 0.25) = 1; variance 5 / 4
        var found = StudyInterval.Of([Seeds(0.5, 1.5), Seeds(2.5, 3.5)])!;
        Assert.That(found.Mean, Is.EqualTo(2));
        Assert.That(found.DegreesOfFreedom, Is.EqualTo(1), "25 / 17, rounded down");
        Assert.That(found.Interval.High, Is.EqualTo(2 + 12.7062047 * Math.Sqrt(1.25)).Within(1e-6));
        var alone = found.Interval.High - 2;
        Assert.That(StudyInterval.Of([Seeds(0.5, 1.5), Seeds(2.5, 3.5)], 6)!.Interval.High - 2, Is.GreaterThan(5 * alone),
            "six that hold together are wider");
    }

    [Test]
    public void Only_seeds_that_every_study_has_count()
    {
        var found = StudyInterval.Of([Seeds(1, 2, 3), Seeds(1, 2)])!;
        Assert.That((found.Seeds, found.Mean), Is.EqualTo((2, 1.5)));
        Assert.That(StudyInterval.Of([Seeds(1, 2), new Dictionary<int, double> { [2] = 1, [7] = 2 }]), Is.Null);
        Assert.That(StudyInterval.Of([Seeds(1, 1)])!.Interval, Is.EqualTo(new Bounds(1, 1)));
    }

    [TestCase(0, 1, 1, TestName = "only seeds scatter")]
    [TestCase(1, 0, 1, TestName = "only studies scatter")]
    [TestCase(1, 1, 1, TestName = "both scatter")]
    [TestCase(0, 0, 1, TestName = "every training by itself")]
    public void It_holds_the_truth_in_at_least_95_of_100(double study, double seed, double training)
    {
        const int repetitions = 1500;
        var stream = new RandomStream(5, StreamPurpose.TuningBootstrap);
        var held = Enumerable.Range(0, repetitions).Count(_ =>
        {
            double[] studies = [.. Enumerable.Range(0, 3).Select(_ => study * Normal())], seeds =
                [.. Enumerable.Range(0, 5).Select(_ => seed * Normal())];
            return !StudyInterval.Of([.. studies.Select(one => Seeds([.. seeds.Select(two => one + two + training * Normal())]))])!
                .Interval.Excludes(0);
        });
        Assert.That(held / (double)repetitions, Is.GreaterThan(0.935), "0.95 less what 1,500 repetitions may miss");

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - stream.NextUnit())) * Math.Cos(2 * Math.PI * stream.NextUnit());
    }
}
