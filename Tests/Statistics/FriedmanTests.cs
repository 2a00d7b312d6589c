using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: scipy_reference.py, which has the sources of the data.</summary>
[Parallelizable]
public sealed class FriedmanTests
{
    private static readonly double?[][] Bases =
    [
        [5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40], [5.90, 5.85, 5.70], [5.45, 5.55, 5.60],
            [5.40, 5.40, 5.35], [5.45, 5.50, 5.35],
        [5.25, 5.15, 5.00], [5.85, 5.80, 5.70], [5.25, 5.20, 5.10], [5.65, 5.55, 5.45], [5.60, 5.35, 5.45], [5.05, 5.00, 4.95],
            [5.50, 5.50, 5.40], [5.45, 5.55, 5.50],
        [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40], [5.70, 5.65, 5.55], [6.30, 6.30, 6.25],
    ];

    private static readonly double?[][] Auc =
    [
        [.763, .768, .771, .798], [.599, .591, .590, .569], [.954, .971, .968, .967], [.628, .661, .654, .657], [.882, .888, .886, .898],
            [.936, .931, .916, .931], [.661, .668, .609, .685],
        [.583, .583, .563, .625], [.775, .838, .866, .875], [1, 1, 1, 1], [.940, .962, .965, .962], [.619, .666, .614, .669],
            [.972, .981, .9751, .975], [.957, .978, .946, .970],
    ];

    [Test]
    public void Rounding_first_base_gives_the_published_test()
    {
        // Hollander and Wolfe 1973: 11.14, p = 0.0038
        var test = Friedman.Test(Bases, higherIsBetter: false)!;
        Check(test, 11.142857142857132, 0.003805040775511383, 7.121739130434773, 0.0021712983876075393);
        Assert.That(Friedman.Test(Bases, higherIsBetter: true)!.ChiSquareP, Is.EqualTo(test.ChiSquareP).Within(1e-14));
    }

    [Test]
    public void Demsars_example_gives_his_mean_ranks_and_his_critical_difference()
    {
        var test = Friedman.Test(Auc, higherIsBetter: true)!;
        Assert.That(test.MeanRanks, Is.EqualTo(new[] { 3.143, 2.000, 2.893, 1.964 }).Within(5e-4));
        Check(test, 10.228346456692925, 0.016721580328441323, 4.1851301115241695, 0.011620659515310954);
        var diagram = CriticalDifference.Compute(test);
        Assert.That(diagram.Distance, Is.EqualTo(1.25).Within(5e-3));
        Assert.That(diagram.Order, Is.EqualTo(new[] { 3, 1, 2, 0 }));
        Assert.That(diagram.Groups, Is.EqualTo(new[] { (0, 3) }), "best and worst differ by 1.179");
    }

    [Test]
    public void Groups_overlap_and_none_contains_another()
    {
        // distance for five losses and 40 blocks: 0.964
        var diagram = CriticalDifference.Compute(new Friedman([4.9, 1.1, 2.0, 2.9, 4.1], 40, 0, 1, 1, 1, 1));
        Assert.That(diagram.Distance, Is.EqualTo(2.728 * Math.Sqrt(5 * 6 / (6.0 * 40))).Within(1e-3));
        Assert.That(diagram.Order, Is.EqualTo(new[] { 1, 2, 3, 4, 0 }));
        Assert.That(diagram.Groups, Is.EqualTo(new[] { (0, 1), (1, 2), (3, 4) }));
        Assert.That(CriticalDifference.Compute(new Friedman([1, 2, 3], 1000, 0, 1, 1, 1, 1)).Groups, Is.Empty);
        Assert.That(CriticalDifference.Compute(new Friedman([1, 1.5, 1.5], 1000, 0, 1, 1, 1, 1)).Groups, Is.EqualTo(new[] { (1, 2) }));
    }

    [Test]
    public void Two_losses_at_the_critical_distance_differ()
    {
        var distance = CriticalDifference.Compute(new Friedman([1, 2], 9, 0, 1, 1, 1, 1)).Distance;
        Assert.That(CriticalDifference.Compute(new Friedman([0, distance], 9, 0, 1, 1, 1, 1)).Groups, Is.Empty);
        Assert.That(CriticalDifference.Compute(new Friedman([0, Math.BitDecrement(distance)], 9, 0, 1, 1, 1, 1)).Groups,
            Is.EqualTo(new[] { (0, 1) }));
    }

    [Test]
    public void Ties_share_their_mean_rank_and_rank_1_is_best()
    {
        Assert.That(Friedman.Ranks([0.9, 0.7, 0.9, 0.8], true), Is.EqualTo(new[] { 1.5, 4, 1.5, 3 }));
        Assert.That(Friedman.Ranks([0.9, 0.7, 0.9, 0.8], false), Is.EqualTo(new[] { 3.5, 1, 3.5, 2 }));
    }

    [Test]
    public void A_block_with_a_gap_is_left_out_and_counted()
    {
        var test = Friedman.Test([.. Bases, [5.0, null, 4.9]], false)!;
        Assert.That((test.Blocks, test.LeftOut), Is.EqualTo((22, 1)));
        Assert.That(test.ChiSquare, Is.EqualTo(Friedman.Test(Bases, false)!.ChiSquare));
        Assert.That(Friedman.Test([[1, 2], [1, null]], true), Is.Null, "one block is left");
        Assert.That(Friedman.Test([[1.0], [2.0]], true), Is.Null);
        Assert.That(Friedman.Test([], true), Is.Null);
    }

    [Test]
    public void Undefined_values_are_not_numbers()
    {
        var tied = Friedman.Test([[1, 1], [2, 2]], true)!;
        Assert.That((tied.ChiSquare, tied.ChiSquareP, tied.F, tied.FP),
            Is.EqualTo(((double?)null, (double?)null, (double?)null, (double?)null)));
        var agreed = Friedman.Test([[3, 2, 1], [6, 5, 4], [9, 8, 7]], true)!;
        Assert.That((agreed.ChiSquare, agreed.F, agreed.FP), Is.EqualTo(((double?)6, (double?)null, (double?)null)));
        Assert.That(() => Friedman.Test([[1, 2], [1, 2, 3]], true), Throws.ArgumentException);
        Assert.That(() => Friedman.Test([[1, 2], [1, double.NaN]], true), Throws.ArgumentException);
    }

    private static void Check(Friedman test, params double[] expected) =>
        Assert.That(new[] { test.ChiSquare!.Value, test.ChiSquareP!.Value, test.F!.Value, test.FP!.Value }, Is.EqualTo(expected)
            .Within(1e-10));
}
