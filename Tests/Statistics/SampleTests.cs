using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

[Parallelizable]
public sealed class SampleTests
{
    [Test]
    public void Five_values_by_hand()
    {
        // t(0.975, 4) = 2.776445; deviation of 1..5 = sqrt(2.5)
        var sample = Sample.Summarise([5, 1, 4, 2, 3]);
        Assert.Multiple(() =>
        {
            Assert.That(sample.N, Is.EqualTo(5));
            Assert.That(sample.Mean, Is.EqualTo(3).Within(1e-15));
            Assert.That(sample.Deviation, Is.EqualTo(1.5811388).Within(1e-7));
            Assert.That(sample.HalfWidth, Is.EqualTo(2.776445 * Math.Sqrt(2.5 / 5)).Within(1e-6));
        });
    }

    [TestCase(2, 12.7062)]
    [TestCase(3, 4.3027)]
    [TestCase(10, 2.2622)]
    [TestCase(31, 2.0423)]
    public void The_interval_equals_that_of_the_t_table(int n, double quantile)
    {
        var values = Enumerable.Range(0, n).Select(i => 0.9 + 0.001 * (i * i % 7)).ToArray();
        var sample = Sample.Summarise(values);
        Assert.That(sample.HalfWidth, Is.EqualTo(quantile * sample.Deviation!.Value / Math.Sqrt(n)).Within(1e-4 * sample.Deviation!.Value));
    }

    [Test]
    public void One_value_has_a_mean_and_nothing_else() =>
        Assert.That(Sample.Summarise([0.97]), Is.EqualTo(new Sample(1, 0.97, null, null)));

    [Test]
    public void Equal_values_have_a_deviation_of_exactly_0() =>
        Assert.That(Sample.Summarise([0.1, 0.1, 0.1]), Is.EqualTo(new Sample(3, 0.1, 0, 0)));

    [Test]
    public void Missing_values_never_become_numbers()
    {
        Assert.That(() => Sample.Summarise([]), Throws.ArgumentException);
        Assert.That(() => Sample.Summarise([0.9, double.NaN]), Throws.ArgumentException);
        Assert.That(() => Sample.Summarise([double.PositiveInfinity]), Throws.ArgumentException);
    }
}
