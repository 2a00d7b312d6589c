using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: scipy_reference.py.</summary>
[Parallelizable]
public sealed class McNemarTests
{
    [TestCase(10, 2, 0.03857421875, 0.022460937499999976)]
    [TestCase(2, 10, 0.03857421875, 0.022460937499999976)]
    [TestCase(25, 15, 0.1538599441628321, 0.1172752059574122)]
    [TestCase(7, 7, 1, 1)]
    [TestCase(1, 0, 1, 0.5)]
    [TestCase(0, 6, 0.03125, 0.015625)]
    [TestCase(300, 250, 0.03657874554910267, 0.0330715159173579)]
    [TestCase(121, 59, 4.4344492637551645e-06, 3.2666467957745733e-06)]
    [TestCase(0, 0, 1, 1)]
    public void P_equals_that_of_SciPy(int candidateOnly, int baselineOnly, double exact, double mid)
    {
        var test = McNemar.Test(candidateOnly, baselineOnly);
        Assert.That(test.ExactP, Is.EqualTo(exact).Within(1e-12));
        Assert.That(test.MidP, Is.EqualTo(mid).Within(1e-12));
    }

    [Test]
    public void Six_of_six_gives_the_textbook_sign_test() =>
    Assert.That(McNemar.Test(6, 0).ExactP, Is.EqualTo(2.0 / 64).Within(1e-15));

    [Test]
    public void Only_cases_that_differ_count()
    {
        bool[] candidate = [true, true, false, false, true, true], baseline = [true, false, true, false, false, false];
        var test = McNemar.Test(candidate, baseline);
        Assert.That((test.CandidateOnly, test.BaselineOnly), Is.EqualTo((3, 1)));
        Assert.That(test.ExactP, Is.EqualTo(0.625).Within(1e-13));
        Assert.That(McNemar.Test([.. candidate, true, false], [.. baseline, true, false]), Is.EqualTo(test));
        Assert.That(() => McNemar.Test([true], [true, false]), Throws.ArgumentException.With.Message.Contains("1 answers against 2"));
        Assert.That(() => McNemar.Test(-1, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_table_of_one_seed_names_its_test()
    {
        var found = OneSeedComparison.FromMcNemar(McNemar.Test(30, 8), 400);
        Assert.That((found.Test, found.Difference, found.P), Is.EqualTo(("McNemar", 22.0 / 400, McNemar.Test(30, 8).ExactP)));
        Assert.That(found.How, Does.Contain("30 right only by the candidate, 8 only by the baseline, mid-p 0.0003"));
    }
}
