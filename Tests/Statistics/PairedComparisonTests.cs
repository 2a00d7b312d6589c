using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

public sealed class PairedComparisonTests
{
    // A. R. Cushny and A. R. Peebles, 1905: hours of sleep gained; Student's own example of the paired test (1908)
    private static readonly double[] Sleep1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    private static readonly double[] Sleep2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    // M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods, 1973, p. 29: depression before and after
    private static readonly double[] Before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
    private static readonly double[] After = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];

    [Test]
    public void Students_sleep_data_give_the_published_test()
    {
        var comparison = PairedComparison.Compare(BySeed(Sleep1), BySeed(Sleep2));
        Assert.Multiple(() =>
        {
            Assert.That(comparison.N, Is.EqualTo(10));
            Assert.That(comparison.MeanDifference, Is.EqualTo(-1.58).Within(1e-12));
            Assert.That(comparison.TTestP, Is.EqualTo(0.002833).Within(5e-7));
            Assert.That(comparison.MeanDifference - comparison.HalfWidth, Is.EqualTo(-2.4598858).Within(1e-7));
            Assert.That(comparison.MeanDifference + comparison.HalfWidth, Is.EqualTo(-0.7001142).Within(1e-7));
        });
    }

    [Test]
    public void Depression_data_give_the_published_signed_rank_test()
    {
        // one-sided 0.01953 = 10 / 512; two-sided twice that
        var comparison = PairedComparison.Compare(BySeed(Before), BySeed(After));
        Assert.That(comparison.WilcoxonP, Is.EqualTo(20.0 / 512).Within(1e-12));
        Assert.That(PairedComparison.Compare(BySeed(After), BySeed(Before)).WilcoxonP, Is.EqualTo(comparison.WilcoxonP));
    }

    [Test]
    public void Five_seeds_of_one_sign_give_0_0625_at_best() =>
        Assert.That(WilcoxonSignedRank.PValue([1, 2, 3, 4, 5]), Is.EqualTo(0.0625));

    [Test]
    public void The_signed_rank_p_is_the_share_of_sign_assignments([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        var differences = Enumerable.Range(0, seed).Select(_ => (double)random.Next(-4, 5)).ToList(); // ties and zeros
        Assert.That(WilcoxonSignedRank.PValue(differences), Is.EqualTo(ByEnumeration(differences)).Within(1e-12));
    }

    [Test]
    public void Differences_equal_but_for_rounding_are_a_tie()
    {
        double[] high = [0.3, 0.9, 0.5], low = [0.1, 0.7, 0.7];
        Assert.That(high.Zip(low, (x, y) => Math.Abs(x - y)).Distinct().Count(), Is.GreaterThan(1), "premise: the last bits differ");
        // three equal ranks, two of them positive: 4 of the 8 sign assignments have two or three, 7 have at most two
        Assert.That(PairedComparison.Compare(BySeed(high), BySeed(low)).WilcoxonP, Is.EqualTo(1));
        Assert.That(PairedComparison.Compare(BySeed(high[..2]), BySeed(low[..2])).TTestP, Is.Null, "a rounding error is not a deviation");
    }

    [Test]
    public void Seeds_are_paired_by_number_and_the_others_left_out()
    {
        var candidate = new Dictionary<int, double> { [3] = 0.9, [1] = 0.7, [2] = 0.8 };
        var baseline = new Dictionary<int, double> { [2] = 0.5, [3] = 0.7, [9] = 0.1 };
        var comparison = PairedComparison.Compare(candidate, baseline);
        Assert.That((comparison.N, comparison.Unpaired), Is.EqualTo((2, 2)));
        Assert.That(comparison.MeanDifference, Is.EqualTo((0.3 + 0.2) / 2).Within(1e-15));
    }

    [Test]
    public void Too_few_seeds_give_no_p_value()
    {
        var one = PairedComparison.Compare(BySeed([0.9]), BySeed([0.8, 0.7]));
        Assert.That(one, Is.EqualTo(new PairedComparison(1, 1, 0.9 - 0.8, null, null, null)));
        Assert.That(PairedComparison.Compare(BySeed([]), BySeed([0.8])), Is.EqualTo(new PairedComparison(0, 1, null, null, null, null)));
    }

    [Test]
    public void Identical_results_give_no_finding_and_a_constant_shift_has_no_t()
    {
        var same = PairedComparison.Compare(BySeed([0.9, 0.8, 0.7]), BySeed([0.9, 0.8, 0.7]));
        Assert.That((same.TTestP, same.WilcoxonP), Is.EqualTo(((double?)1, (double?)1)));
        Assert.That(PairedComparison.Compare(BySeed([2, 3, 4]), BySeed([1, 2, 3])).TTestP, Is.Null);
    }

    private static Dictionary<int, double> BySeed(double[] values) =>
        Enumerable.Range(0, values.Length).ToDictionary(seed => seed, seed => values[seed]);

    private static double ByEnumeration(List<double> differences)
    {
        var kept = differences.Where(difference => difference != 0).ToList();
        var ranks = kept.ConvertAll(x => kept.Count(y => Math.Abs(y) < Math.Abs(x)) + (kept.Count(y => Math.Abs(y) == Math.Abs(x)) + 1)
            / 2.0);
        var observed = kept.Zip(ranks).Sum(pair => pair.First > 0 ? pair.Second : 0);
        var sums = Enumerable.Range(0, 1 << kept.Count)
            .Select(signs => ranks.Where((_, i) => (signs >> i & 1) == 1).Sum()).ToList();
        double Share(Func<double, bool> far) => (double)sums.Count(far) / sums.Count;
        return Math.Min(1, 2 * Math.Min(Share(sum => sum <= observed), Share(sum => sum >= observed)));
    }
}
