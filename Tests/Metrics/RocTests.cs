using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

public sealed class RocTests
{
    private static readonly double[] Rates = [0.011, 0.02, 0.05, 0.1, 0.3, 0.5, 0.999, 1];

    [Test]
    public void TAR_is_the_highest_of_the_operating_points_within_the_rate([Range(1, 20)] int seed)
    {
        var scores = NaiveVerification.Random(seed);
        var roc = RocCurve.Build(scores)!;
        var all = NaiveVerification.OperatingPoints(scores);
        Assert.Multiple(() =>
        {
            foreach (var rate in Rates)
                Assert.That(roc.At(rate), Is.EqualTo(all.Where(point => point.Far <= rate).Max(point => point.Tar)), $"FAR {rate}");
        });
    }

    [Test]
    public void TAR_never_falls_when_the_rate_rises([Range(1, 5)] int seed)
    {
        var roc = RocCurve.Build(NaiveVerification.Random(seed))!;
        var tars = Enumerable.Range(1, 100).Select(i => roc.At(i / 100.0)).OfType<double>().ToList();
        Assert.That(tars, Is.Ordered.And.Count.GreaterThan(90));
        Assert.That(tars[^1], Is.EqualTo(1));
    }

    [Test]
    public void A_rate_below_one_impostor_has_no_number()
    {
        var scores = new PairScores("four impostors", [0.1f, 0.5f, 0.2f, 1f, 1.1f, 1.2f], [true, true, false, false, false, false],
            new int[6], 1);
        var roc = RocCurve.Build(scores)!;
        Assert.That(roc.At(0.2499), Is.Null);
        Assert.That(roc.At(0.25), Is.EqualTo(1), "accepting one impostor (0.2) accepts both genuine pairs");
        Assert.That(() => roc.At(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => roc.At(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Pairs_with_one_score_or_one_class_have_no_curve()
    {
        Assert.That(RocCurve.Build(new PairScores("alike", [1, 1, 1, 1], [true, true, false, false], new int[4], 1)), Is.Null);
        Assert.That(RocCurve.Build(new PairScores("genuine", [1, 2], [true, true], new int[2], 1)), Is.Null);
        Assert.That(RocCurve.Build(new PairScores("impostors", [1, 2], [false, false], new int[2], 1)), Is.Null);
        var scores = new PairScores("drawn", [1, 1, 2, 2], [true, false, true, false], new int[4], 1);
        var distinct = new DistinctScores(scores.SquaredDistance);
        Assert.That(RocCurve.Build(scores, distinct, [1, 1, 0, 0]), Is.Null, "a draw that contains pairs of one score only");
        Assert.That(RocCurve.Build(scores, distinct, [1, 0, 0, 1]), Is.Not.Null);
    }

    [Test]
    public void Tied_genuine_and_impostor_pairs_are_accepted_together()
    {
        // impostor 1.0 ties with the second genuine pair: both are accepted at FAR 0.25; an optimistic order would reach TAR 1 at FAR 0
        var scores = new PairScores("tie", [0.5f, 1f, 1f, 2f, 2f, 3f], [true, true, false, false, false, false], new int[6], 1);
        var roc = RocCurve.Build(scores)!;
        Assert.That(roc.Points, Is.EqualTo(new RocPoint[] { new(0, 0), new(0, 0.5), new(0.25, 1), new(1, 1) }));
        // U: 0.5 beats four, 1 beats three and ties one: 7.5 of 8
        Assert.That(AreaUnderCurve.Area(roc!.Points), Is.EqualTo(7.5 / 8));
        // from (0, 0.5) to (0.25, 1) the line meets TAR = 1 - FAR at FAR = 1/6
        Assert.That(EqualErrorRate.Crossing(roc!.Points), Is.EqualTo(1.0 / 6).Within(1e-15));
    }

    [Test]
    public void AUC_is_Mann_Whitney_with_ties_by_half([Range(1, 20)] int seed)
    {
        var scores = NaiveVerification.Random(seed);
        Assert.That(AreaUnderCurve.Area(RocCurve.Build(scores)!.Points), Is.EqualTo(NaiveVerification.MannWhitney(scores))
            .Within(1e-12));
    }

    [Test]
    public void EER_lies_where_the_full_curve_crosses_the_diagonal([Range(1, 20)] int seed)
    {
        var scores = NaiveVerification.Random(seed);
        var points = NaiveVerification.OperatingPoints(scores);
        var next = points.FindIndex(point => point.Far > 1 - point.Tar);
        var (low, high) = (0.0, 1.0); // bisect between the two points until both errors are equal
        (double Far, double Tar) Between(double part) => (points[next - 1].Far + part * (points[next].Far - points[next - 1].Far),
            points[next - 1].Tar + part * (points[next].Tar - points[next - 1].Tar));
        for (var i = 0; i < 60; i++)
        {
            var middle = Between((low + high) / 2);
            if (middle.Far < 1 - middle.Tar) low = (low + high) / 2;
            else high = (low + high) / 2;
        }

        Assert.That(EqualErrorRate.Crossing(RocCurve.Build(scores)!.Points), Is.EqualTo(Between(low).Far).Within(1e-12));
    }

    [Test]
    public void EER_by_hand()
    {
        // at distance 2: one of four impostors accepted, one of four genuine rejected
        var scores = new PairScores("quarter", [0.1f, 0.2f, 0.3f, 2.5f, 0.25f, 3f, 3f, 3.5f],
            [true, true, true, true, false, false, false, false], new int[8], 1);
        Assert.That(EqualErrorRate.Crossing(RocCurve.Build(scores)!.Points), Is.EqualTo(0.25));
    }

    [Test]
    public void Thinning_keeps_every_corner_and_nothing_between([Range(1, 10)] int seed)
    {
        var scores = NaiveVerification.Random(seed, pairs: 400);
        var full = NaiveVerification.OperatingPoints(scores);
        var kept = RocCurve.Build(scores)!.Points.Select(point => (point.Far, point.Tar)).ToList();
        var corners = full.Where((point, i) => i == 0 || i == full.Count - 1
            || !((full[i - 1].Far == point.Far && point.Far == full[i + 1].Far)
                || (full[i - 1].Tar == point.Tar && point.Tar == full[i + 1].Tar)));
        Assert.That(kept, Is.EqualTo(corners));
    }

    [Test]
    public void Swapped_labels_mirror_the_curve([Range(1, 3)] int seed)
    {
        var scores = NaiveVerification.Random(seed);
        var swapped = scores with { Same = Array.ConvertAll(scores.Same, same => !same) };
        var area = AreaUnderCurve.Area(RocCurve.Build(scores)!.Points);
        Assert.That(area, Is.GreaterThan(0.6));
        Assert.That(AreaUnderCurve.Area(RocCurve.Build(swapped)!.Points), Is.EqualTo(1 - area).Within(1e-12));
    }

    [TestCase(0.001, "1e-3")]
    [TestCase(0.1, "1e-1")]
    [TestCase(0.0005, "5e-4")]
    [TestCase(1e-6, "1e-6")]
    [TestCase(0.00025, "2.5e-4")]
    public void Rates_are_named_as_in_papers(double far, string name) => Assert.That(TarAtFar.Name(far), Is.EqualTo(name));
}
