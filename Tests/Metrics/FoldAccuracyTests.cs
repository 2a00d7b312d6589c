using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

public sealed class FoldAccuracyTests
{
    [Test]
    public void Both_accuracies_equal_a_literal_implementation_of_the_protocol([Range(1, 24)] int seed)
    {
        var scores = NaiveVerification.Random(seed, pairs: 60 + 7 * seed, folds: 2 + seed % 9);
        var grid = Grid(scores);
        var exact = FoldAccuracy.Exact(scores);
        var (gridMean, gridDeviation) = NaiveVerification.GridAccuracy(scores);
        var (exactMean, exactDeviation) = NaiveVerification.ExactAccuracy(scores);
        Assert.Multiple(() =>
        {
            Assert.That(grid.Value, Is.EqualTo(gridMean).Within(1e-14));
            Assert.That(grid.FoldDeviation, Is.EqualTo(gridDeviation).Within(1e-14));
            Assert.That(exact.Value, Is.EqualTo(exactMean).Within(1e-14));
            Assert.That(exact.FoldDeviation, Is.EqualTo(exactDeviation).Within(1e-14));
        });
    }

    [Test]
    public void A_score_on_the_grid_is_not_below_its_own_threshold()
    {
        // Fold 0 uses the threshold of fold 1: 0.5 and 1.0 are exact in binary. The first best is 0.51, which accepts 0.5 and not 1.0.
        var scores = Two([0.5f, 0.51f], [0.5f, 1.0f]);
        // held out, fold 0: genuine 0.5 accepted; impostor float 0.51 = 0.50999999 is below the double 0.51: accepted, wrong
        // held out, fold 1: on fold 0 the best is 1 of 2 at the first threshold, 0, because 0.51 accepts the impostor of fold 0:
        // nothing accepted, one of two right
        Assert.That(Grid(scores).Value, Is.EqualTo(0.5));
    }

    [Test]
    public void A_distance_belongs_to_the_first_threshold_above_it()
    {
        float[] distances = [0, 0.0099999f, 0.01f, 0.010001f, 0.29f, 0.57f, 0.58f, 1.15f, 3.98f, 3.99f, 4, 100];
        var first = distances.Select(distance => Enumerable.Range(0, FoldAccuracy.GridSize)
            .FirstOrDefault(i => distance < i * 0.01, FoldAccuracy.GridSize));
        Assert.That(FoldAccuracy.Accepting(distances), Is.EqualTo(first));
    }

    [Test]
    public void A_tiny_case_by_hand()
    {
        // Thresholds learnt on the other fold: fold 1 (genuine 0.25, impostor 2) gives 0.26 for fold 0 by the grid, 2 exactly;
        // fold 0 (genuine 1, impostor 3) gives 1.01 for fold 1 by the grid; exactly, the first score above 1, which is 2.
        var scores = Two([1f, 3f], [0.25f, 2f]);
        // grid: fold 0 rejects its genuine pair at 0.26 (1 of 2), fold 1 is all right (2 of 2)
        var grid = Grid(scores);
        Assert.That((grid.Value, grid.FoldDeviation, grid.N), Is.EqualTo((0.75, 0.25, 4)));
        Assert.That((grid.Name, grid.Estimator), Is.EqualTo(("accuracy", "2-fold, grid")));
        // exact: the candidates are all scores of the test; the first above 0.25 is 1, which does not accept the distance 1
        var exact = FoldAccuracy.Exact(scores);
        Assert.That((exact.Value, exact.Estimator), Is.EqualTo((0.75, "2-fold, exact")));
    }

    [Test]
    public void Accepting_nothing_is_possible_and_a_score_is_not_below_itself()
    {
        // fold 1 is best off with no pair accepted, at the first threshold, 0.2, which is fold 0's own genuine score: strictly, it is
        // rejected
        var scores = new PairScores("none", [0.2f, 2f, 1f, 0.5f, 0.6f, 0.7f], [true, false, true, false, false, false], [0, 0, 1, 1, 1, 1],
            2);
        // fold 0: 1 of 2; fold 1, at the first score above 0.2, which is 0.5: 3 of 4
        Assert.That(FoldAccuracy.Exact(scores).Value, Is.EqualTo((0.5 + 0.75) / 2));
        Assert.That(FoldAccuracy.Exact(scores).Value, Is.EqualTo(NaiveVerification.ExactAccuracy(scores).Mean));
    }

    [Test]
    public void The_largest_score_is_a_threshold_that_does_not_accept_it()
    {
        // to accept everything would be best, two of three; the best that a score allows is to accept nothing
        var scores = new PairScores("largest", [0.05f, 0.1f, 0.9f, 0.05f, 0.1f, 0.9f], [false, true, true, false, true, true],
            [0, 0, 0, 1, 1, 1], 2);
        Assert.That(FoldAccuracy.Exact(scores).Value, Is.EqualTo(1.0 / 3).Within(1e-15));
        Assert.That(FoldAccuracy.Exact(scores).Value, Is.EqualTo(NaiveVerification.ExactAccuracy(scores).Mean));
    }

    [Test]
    public void The_deviation_is_the_population_deviation()
    {
        var scores = Two([1f, 3f], [0.25f, 2f]); // fold accuracies 0.5 and 1: population 0.25, sample 0.354
        Assert.That(Grid(scores).FoldDeviation, Is.EqualTo(0.25));
    }

    [Test]
    public void The_order_of_the_pairs_within_folds_changes_nothing([Range(1, 5)] int seed)
    {
        var scores = NaiveVerification.Random(seed);
        var order = Enumerable.Range(0, scores.Same.Length).ToArray();
        new Random(seed).Shuffle(order);
        var shuffled = scores with
        {
            SquaredDistance = Array.ConvertAll(order, pair => scores.SquaredDistance[pair]),
            Same = Array.ConvertAll(order, pair => scores.Same[pair]),
            Fold = Array.ConvertAll(order, pair => scores.Fold[pair]),
        };
        Assert.That(VerificationMetrics.Metrics(shuffled, [0.1]), Is.EqualTo(VerificationMetrics.Metrics(scores, [0.1])));
    }

    [Test]
    public void Swapped_labels_give_another_accuracy()
    {
        var scores = NaiveVerification.Random(3);
        var swapped = scores with { Same = Array.ConvertAll(scores.Same, same => !same) };
        Assert.That(Grid(swapped).Value, Is.LessThan(Grid(scores).Value!.Value - 0.1));
        Assert.That(FoldAccuracy.Exact(swapped).Value, Is.LessThan(FoldAccuracy.Exact(scores).Value!.Value - 0.1));
    }

    [Test]
    public void Separable_scores_have_accuracy_1()
    {
        var scores = NaiveVerification.Random(4);
        scores = scores with { SquaredDistance = Array.ConvertAll(scores.Same, same => same ? 0.4f : 1.9f) };
        Assert.That(Grid(scores).Value, Is.EqualTo(1));
        Assert.That(FoldAccuracy.Exact(scores).Value, Is.EqualTo(1));
        Assert.That(FoldAccuracy.Exact(scores).FoldDeviation, Is.Zero);
    }

    /// <summary>Two folds, each a genuine pair and then an impostor pair.</summary>
    private static PairScores Two(float[] first, float[] second) =>
        new("two folds", [.. first, .. second], [true, false, true, false], [0, 0, 1, 1], 2);

    private static Metric Grid(PairScores scores) => VerificationMetrics.Metrics(scores, [])
        .Single(metric => metric.Name == "accuracy" && metric.Estimator.EndsWith("grid", StringComparison.Ordinal));
}
