using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>The figures of a whole test, and the cases without a number.</summary>
public sealed class VerificationTests
{
    [Test]
    public void Every_metric_is_given_with_its_estimator()
    {
        var metrics = VerificationMetrics.Metrics(NaiveVerification.Random(1, pairs: 300), [0.1, 0.001]);
        Assert.That(metrics.Select(metric => $"{metric.Name} ({metric.Estimator})"), Is.EqualTo(new[]
        {
            "accuracy (10-fold, grid)", "accuracy (10-fold, exact)", "TAR@FAR=1e-1 (conservative)", "TAR@FAR=1e-3 (conservative)",
            "EER (interpolated)", "AUC (ties by half)",
        }));
        Assert.That(metrics.Select(metric => metric.Value is null), Is.EqualTo(new[] { false, false, false, true, false, false }));
        Assert.That(metrics.Select(metric => metric.N), Is.All.EqualTo(300));
        Assert.That(metrics.Select(metric => metric.FoldDeviation is null), Is.EqualTo(new[] { false, false, true, true, true, true }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void One_class_only_gives_no_number(bool truth)
    {
        var scores = NaiveVerification.Random(1);
        Assert.That(Values(scores with { Same = Array.ConvertAll(scores.Same, _ => truth) }), Is.All.Null);
    }

    [Test]
    public void Constant_scores_give_no_number()
    {
        var scores = NaiveVerification.Random(1);
        Assert.That(Values(scores with { SquaredDistance = Array.ConvertAll(scores.SquaredDistance, _ => 0.7f) }), Is.All.Null);
    }

    [Test]
    public void Fewer_pairs_than_folds_give_no_accuracy_but_a_curve()
    {
        var scores = new PairScores("few", [0.1f, 1f, 0.2f, 2f], [true, false, true, false], [0, 1, 2, 3], 10);
        Assert.That(Values(scores), Is.EqualTo(new double?[] { null, null, 1, 0, 1 }));
        Assert.That(Values(scores with { Fold = [0, 0, 0, 0], Folds = 1 })[..2], Is.All.Null, "one fold leaves no data for the threshold");
    }

    [Test]
    public void Folds_with_one_class_in_the_others_give_no_accuracy()
    {
        var scores = new PairScores("sorted by class", [0.1f, 0.2f, 1f, 2f], [true, true, false, false], [0, 0, 1, 1], 2);
        Assert.That(Values(scores)[..2], Is.All.Null);
        scores = new PairScores("genuine pairs in the first fold alone", [0.1f, 1f, 1.1f, 2f], [true, false, false, false], [0, 0, 1, 1],
            2);
        Assert.That(Values(scores)[..2], Is.All.Null);
        scores = new PairScores("impostors in the first fold alone", [0.1f, 1f, 0.2f, 0.3f], [true, false, true, true], [0, 0, 1, 1], 2);
        Assert.That(Values(scores)[..2], Is.All.Null);
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    [TestCase(4.1f)]
    [TestCase(-0.1f)]
    public void An_invalid_distance_is_refused_with_its_pair(float distance)
    {
        var scores = NaiveVerification.Random(2);
        scores.SquaredDistance[17] = distance;
        Assert.That(() => VerificationMetrics.Metrics(scores, [0.1]), Throws.TypeOf<DataProblem>().With.Message.Contains("random pair 17"));
    }

    [Test]
    public void Rounding_just_outside_the_range_is_accepted()
    {
        var scores = NaiveVerification.Random(2);
        scores.SquaredDistance[0] = -1e-7f;
        scores.SquaredDistance[1] = 4.0000005f;
        var (mean, _) = NaiveVerification.GridAccuracy(scores);
        Assert.That(Values(scores)[0], Is.EqualTo(mean).Within(1e-14));
    }

    [Test]
    public void Arrays_of_different_lengths_are_refused()
    {
        var scores = NaiveVerification.Random(2);
        Assert.Multiple(() =>
        {
            Refused(scores with { Same = scores.Same[1..] }, "200 distances, 199 labels");
            Refused(scores with { Fold = scores.Fold[1..] }, "199 folds");
            Refused(scores with { Folds = 9 }, "fold 9 of 9");
            Refused(scores with { Folds = 0 }, "0 folds");
            Refused(new PairScores("empty", [], [], [], 10), "no pairs");
        });
    }

    [Test]
    public void An_invalid_rate_is_refused() =>
        Assert.That(() => VerificationMetrics.Metrics(NaiveVerification.Random(1), [-0.1]), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static void Refused(PairScores scores, string text) =>
        Assert.That(() => VerificationMetrics.Metrics(scores, [0.1]), Throws.TypeOf<DataProblem>().With.Message.Contains(text));

    private static double?[] Values(PairScores scores) =>
        VerificationMetrics.Metrics(scores, [0.5]).Select(metric => metric.Value).ToArray();
}
