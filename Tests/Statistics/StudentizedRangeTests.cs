using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: scipy_reference.py; q / sqrt(2): Demsar, JMLR 7, 2006, table 5.</summary>
[Parallelizable]
public sealed class StudentizedRangeTests
{
    [TestCase(1, 2, 0.5204998778130465)]
    [TestCase(2.5, 3, 0.8194910627933065)]
    [TestCase(3.5, 3, 0.9644429581368396)]
    [TestCase(3.3, 5, 0.865678522589848)]
    [TestCase(4.474, 10, 0.9499867584069467)]
    [TestCase(6, 20, 0.9963975662350693)]
    [TestCase(0.3, 4, 0.003371386332155196)]
    [TestCase(0, 4, 0)]
    public void The_probability_equals_that_of_SciPy(double range, int k, double expected) =>
        Assert.That(StudentizedRange.CumulativeProbability(range, k), Is.EqualTo(expected).Within(1e-10));

    [TestCase(2, 2.7718076486993573, 1.960)]
    [TestCase(3, 3.31449315539812, 2.343)]
    [TestCase(5, 3.8576555103786285, 2.728)]
    [TestCase(6, 4.030092053180576, 2.850)]
    [TestCase(10, 4.474124221725905, 3.164)]
    [TestCase(20, 5.011688794118443, null)]
    public void The_quantile_equals_that_of_SciPy_and_of_Demsars_table(int k, double expected, double? byRootOfTwo)
    {
        var found = StudentizedRange.UpperQuantile(k, 0.05);
        Assert.That(found, Is.EqualTo(expected).Within(1e-9));
        if (byRootOfTwo is { } table) Assert.That(found / Math.Sqrt(2), Is.EqualTo(table).Within(1e-3));
    }

    [Test]
    public void Invalid_arguments_are_refused()
    {
        Assert.That(() => StudentizedRange.UpperQuantile(1, 0.05), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => StudentizedRange.UpperQuantile(3, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
