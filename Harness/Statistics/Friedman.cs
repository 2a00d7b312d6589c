using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// Friedman's test of several losses over blocks (one condition, test and seed each): do their ranks differ by more than chance?
/// </summary>
/// <param name="MeanRanks">Of each loss, in the order given; 1 is best, ties share their mean rank.</param>
/// <param name="Blocks">Number of blocks that have a value of every loss.</param>
/// <param name="LeftOut">Number of blocks that lack one.</param>
/// <param name="ChiSquare">Friedman's statistic, corrected for ties; null if in every block all losses tie.</param>
/// <param name="ChiSquareP">By the chi-square distribution with k - 1 degrees of freedom.</param>
/// <param name="F">Iman and Davenport's statistic, less conservative; null if all blocks have the same ranks, where it is infinite.</param>
/// <param name="FP">By the F distribution with k - 1 and (k - 1)(N - 1) degrees of freedom; null with <paramref name="F"/>.</param>
/// <remarks>
/// M. Friedman, Journal of the American Statistical Association 32, 1937; Iman and Davenport, Communications in Statistics A 9, 1980; J.
/// Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006. The test assumes independent blocks. Seeds of
/// one condition share data and test, and tests of one trial share the network, so p applies only to these conditions and tests, and is too
/// small for any others.
/// </remarks>
public sealed record Friedman(IReadOnlyList<double> MeanRanks, int Blocks, int LeftOut, double? ChiSquare, double? ChiSquareP, double? F,
    double? FP)
{
    /// <param name="blocks">For each block a value of each loss, in the same order; null if missing.</param>
    /// <returns>Null below two losses or two complete blocks.</returns>
    /// <exception cref="ArgumentException">Blocks of different lengths, or a value that is not finite.</exception>
    public static Friedman? Test(IReadOnlyList<IReadOnlyList<double?>> blocks, bool higherIsBetter)
    {
        if (blocks.Count == 0) return null;
        var k = blocks[0].Count;
        if (blocks.Any(block => block.Count != k))
            throw new ArgumentException("blocks have different numbers of losses; give null for a loss that a block lacks", nameof(blocks));
        if (blocks.Any(block => block.Any(value => value is { } number && !double.IsFinite(number))))
            throw new ArgumentException("a value is NaN or infinite; a trial that failed has no value", nameof(blocks));
        var complete = blocks.Where(block => block.All(value => value is not null))
            .Select(block => Ranks([.. block.Select(value => value!.Value)], higherIsBetter)).ToList();
        var n = complete.Count;
        if (k < 2 || n < 2) return null;

        double[] sums = [.. Enumerable.Range(0, k).Select(loss => complete.Sum(ranks => ranks[loss]))];
        double[] means = [.. sums.Select(sum => sum / n)];
        // ties reduce the variance over all arrangements of a block's ranks; dividing by the remaining variance corrects for it
        var spread = complete.Sum(ranks => ranks.Sum(rank => Square(rank - (k + 1) / 2.0)));
        if (spread == 0) return new Friedman(means, n, blocks.Count - n, null, null, null, null);
        var chiSquare = (k - 1) * sums.Sum(sum => Square(sum - n * (k + 1) / 2.0)) / spread;
        var left = n * (k - 1) - chiSquare;
        var isInfinite = left <= 1e-12 * n * (k - 1);
        double? f = isInfinite ? null : (n - 1) * chiSquare / left;
        return new Friedman(means, n, blocks.Count - n, chiSquare, UpperChiSquare(chiSquare, k - 1), f, f is { } value
            ? UpperF(value, k - 1, (k - 1) * (n - 1)) : null);
    }

    /// <summary>Ranks values; 1 is the best, ties share their mean rank.</summary>
    internal static double[] Ranks(double[] values, bool higherIsBetter) =>
        Array.ConvertAll(values, value =>
            values.Count(other => higherIsBetter ? other > value : other < value)
            + (values.Count(other => other == value) + 1) / 2.0);

    private static double UpperChiSquare(double x, int degreesOfFreedom) =>
        x <= 0 ? 1 : MathNet.Numerics.SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2.0, x / 2);

    /// <summary>Computes the upper tail as the lower tail of 1 / F, which avoids the cancellation in 1 - P.</summary>
    private static double UpperF(double f, int one, int other) => f <= 0 ? 1 : FisherSnedecor.CDF(other, one, 1 / f);

    private static double Square(double x) => x * x;
}
