using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>
/// Whole-set accuracy, Youden's threshold, and TAR between and beside the points of the ROC, against literal implementations of their
/// definitions.
/// </summary>
[Parallelizable]
public sealed class EstimatorTests
{
    private static readonly double[] Targets = [.. Enumerable.Range(1, 60).Select(i => i / 60.0)];

    [Test]
    public void Whole_set_accuracy_is_the_best_of_all_thresholds([Range(1, 20)] int seed)
    {
        var scores = NaiveVerification.Random(seed, pairs: 40 + 9 * seed, folds: 5);
        var limits = scores.SquaredDistance.Distinct().Order().ToList();
        double Right(float limit, int? fold = null) => scores.Same.Where((_, i) => fold is null || scores.Fold[i] == fold)
            .Zip(scores.SquaredDistance.Where((_, i) => fold is null || scores.Fold[i] == fold), (same, d) => d < limit == same ? 1.0 : 0)
            .Average();
        var best = limits.Max(limit => Right(limit));
        var first = limits.First(limit => Right(limit) == best);
        var folds = Enumerable.Range(0, 5).Select(fold => Right(first, fold)).ToList();
        var metric = Of(scores, "whole-set");
        Assert.That(metric.Value, Is.EqualTo(best).Within(1e-12));
        Assert.That(metric.FoldDeviation, Is.EqualTo(Math.Sqrt(folds.Average(value => Math.Pow(value - folds.Average(), 2))))
            .Within(1e-12));
    }

    [Test]
    public void Youden_takes_the_first_point_with_the_largest_difference([Range(1, 20)] int seed)
    {
        var scores = NaiveVerification.Random(seed, pairs: 40 + 9 * seed, folds: 5);
        var (genuine, impostors) = (scores.Same.Count(same => same), scores.Same.Count(same => !same));
        int Accepted(float limit, bool truth) => scores.SquaredDistance.Where((d, i) => d <= limit && scores.Same[i] == truth).Count();
        var limits = scores.SquaredDistance.Distinct().Order().Prepend(-1f).ToList();
        var best = limits.Max(limit => Accepted(limit, true) * impostors - Accepted(limit, false) * genuine);
        var at = limits.First(limit => Accepted(limit, true) * impostors - Accepted(limit, false) * genuine == best);
        var right = Accepted(at, true) + impostors - Accepted(at, false);
        Assert.That(Of(scores, "argmax-youden").Value, Is.EqualTo((double)right / scores.Same.Length).Within(1e-12));
    }

    [Test]
    public void Youden_weights_classes_equally_and_whole_set_weights_pairs_equally()
    {
        // 2 genuine, 6 impostors; accepting the lowest three: TAR 1, FAR 1/6, 7 of 8 right; the lowest alone: TAR 1/2, FAR 0, 7 of 8 right
        var scores = new PairScores("uneven", [0.1f, 0.2f, 0.3f, 1f, 1.1f, 1.2f, 1.3f, 1.4f],
            [true, false, true, false, false, false, false, false], new int[8], 1);
        Assert.That(Of(scores, "argmax-youden").Value, Is.EqualTo(7.0 / 8));
        var more = scores with { SquaredDistance = [0.1f, 0.2f, 0.3f, 0.2f, 1.1f, 1.2f, 1.3f, 1.4f] };
        Assert.That(Of(more, "argmax-youden").Value, Is.EqualTo(6.0 / 8), "accepts two of six impostors for the second genuine pair");
        Assert.That(Of(more, "whole-set").Value, Is.EqualTo(7.0 / 8));
        Assert.That(Of(more, "whole-set").FoldDeviation, Is.Null, "one fold has no deviation");
    }

    [Test]
    public void Of_two_equal_differences_Youden_takes_the_lower_threshold()
    {
        // TAR - FAR is 1/2 after the first pair and again after the fourth
        var scores = new PairScores("tie", [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], [true, false, false, true, false, false], new int[6], 1);
        Assert.That(Of(scores, "argmax-youden").Value, Is.EqualTo(5.0 / 6));
    }

    [Test]
    public void Nearest_is_the_nearest_corner_and_at_a_tie_the_higher_one()
    {
        var roc = RocCurve.Build(FourImpostors())!; // corners (0, 0) (0, 0.5) (0.25, 0.5) (0.25, 1) (1, 1)
        Assert.Multiple(() =>
        {
            Assert.That(roc.Points, Has.Count.EqualTo(5));
            Assert.That(roc.Nearest(0.25), Is.EqualTo(1), "the highest TAR of that FAR");
            Assert.That(roc.Nearest(0.6), Is.EqualTo(1));
            Assert.That(roc.Nearest(0.2499), Is.Null, "below one impostor");
            Assert.That(roc.Interpolated(0.2499), Is.Null);
            Assert.That(() => roc.Nearest(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => roc.Interpolated(1.1), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
        // corners (0, 0) (0, 0.25) (0.5, 0.25) (0.5, 0.5) (1, 1): 0.75 is as near to 0.5 as to 1
        var slanted = RocCurve.Build(new PairScores("slanted", [0.1f, 0.5f, 0.6f, 0.7f, 0.7f, 0.7f], [true, false, true, true, true, false],
            new int[6], 1))!;
        Assert.That(slanted.Nearest(0.75), Is.EqualTo(1));
        Assert.That(slanted.Nearest(0.74), Is.EqualTo(0.5));
        Assert.That(slanted.Interpolated(0.75), Is.EqualTo(0.75).Within(1e-15), "halfway from (0.5, 0.5) to (1, 1)");
        Assert.That(slanted.At(0.75), Is.EqualTo(0.5));
    }

    [Test]
    public void The_three_TARs_never_fall_and_end_at_1([Range(1, 10)] int seed)
    {
        var roc = RocCurve.Build(NaiveVerification.Random(seed))!;
        foreach (var take in new Func<double, double?>[] { roc.At, roc.Nearest, roc.Interpolated })
        {
            var tars = Targets.Select(take).OfType<double>().ToList();
            Assert.That(tars, Is.Ordered.And.Count.GreaterThan(50));
            Assert.That(tars[^1], Is.EqualTo(1));
        }

        Assert.That(Targets.Select(far => roc.Interpolated(far) - roc.At(far)).OfType<double>(), Is.All.GreaterThanOrEqualTo(0));
        Assert.That((roc.Points[0], roc.Points[^1]), Is.EqualTo((new RocPoint(0, 0), new RocPoint(1, 1))));
    }

    [Test]
    public void Interpolated_lies_on_the_full_curve([Range(1, 10)] int seed)
    {
        var scores = NaiveVerification.Random(seed);
        var (roc, points) = (RocCurve.Build(scores)!, NaiveVerification.OperatingPoints(scores));
        foreach (var far in Targets.Where(far => far >= 1.0 / roc.Impostors))
        {
            var before = points.FindLastIndex(point => point.Far <= far);
            var expected = before == points.Count - 1 ? 1
                : points[before].Tar + (points[before + 1].Tar - points[before].Tar) * (far - points[before].Far)
                / (points[before + 1].Far - points[before].Far);
            Assert.That(roc.Interpolated(far), Is.EqualTo(expected).Within(1e-12), $"FAR {far}");
        }
    }

    [Test]
    public void The_order_of_pairs_within_folds_changes_nothing([Range(1, 8)] int seed)
    {
        var scores = NaiveVerification.Random(seed) with
        {
            FirstPerson = [.. Enumerable.Range(0, 200).Select(i => i % 7)],
            SecondPerson = [.. Enumerable.Range(0, 200).Select(i => i % 5)]
        };
        var random = new Random(seed);
        var order = Enumerable.Range(0, 200).OrderBy(pair => scores.Fold[pair]).ThenBy(_ => random.Next()).ToArray();
        T[] Shuffled<T>(T[] values) => [.. order.Select(pair => values[pair])];
        var shuffled = scores with { SquaredDistance = Shuffled(scores.SquaredDistance), Same = Shuffled(scores.Same) };
        Assert.That(shuffled.SquaredDistance, Is.Not.EqualTo(scores.SquaredDistance), "the premise");
        Assert.That(shuffled.AllMetrics(0, 0), Is.EqualTo(scores.AllMetrics(0, 0)));
    }

    [TestCase(99_999, 4)]
    [TestCase(100_000, 5)]
    [TestCase(1_000_000, 6)]
    public void Low_rates_have_columns_only_with_enough_impostors(int impostors, int rates)
    {
        var same = new bool[impostors + 1];
        same[0] = true;
        var scores = new PairScores("large", [.. same.Select((_, i) => i * 1e-6f)], same, new int[same.Length], 1);
        Assert.That(scores.Metrics().Count(metric => metric.Name.StartsWith("TAR", StringComparison.Ordinal)), Is.EqualTo(rates));
        Assert.That(scores.AllMetrics(0, 0)
            .Count(metric => metric.Name.StartsWith("TAR", StringComparison.Ordinal)), Is.EqualTo(3 * rates));
        Assert.That(NaiveVerification.Random(1).Metrics()
            .Select(metric => metric.Name), Does.Contain("TAR@FAR=1e-4").And.Not.Contain("TAR@FAR=1e-5"));
    }

    [TestCase(9_999_999, "1e-6")]
    [TestCase(10_000_000, "1e-7")]
    [TestCase(15_638_932, "1e-7")]
    public void The_lowest_rate_is_the_lowest_power_of_ten_that_the_impostors_support(int impostors, string lowest)
    {
        var scores = new PairScores("large", [], new bool[impostors], [], 1);
        Assert.That(TarAtFar.Name(VerificationMetrics.Rates(scores)[^1]), Is.EqualTo(lowest));
    }

    private static PairScores FourImpostors() =>
        new("four impostors", [0.1f, 0.5f, 0.2f, 1f, 1.1f, 1.2f], [true, true, false, false, false, false], new int[6], 1);

    private static Metric Of(PairScores scores, string estimator) =>
        scores.AllMetrics(0, 0).Single(metric => metric.Estimator == estimator);
}
