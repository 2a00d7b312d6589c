using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

public sealed class FoldDecisionsTests
{
    [Test]
    public void The_mean_share_of_right_decisions_over_folds_is_the_accuracy([Range(1, 16)] int seed)
    {
        var scores = NaiveVerification.Random(seed, pairs: 60 + 7 * seed, folds: 2 + seed % 9);
        Assert.That(MeanOfFolds(scores, FoldDecisions.OnGrid(scores)!), Is.EqualTo(NaiveVerification.GridAccuracy(scores).Mean)
            .Within(1e-14));
        Assert.That(MeanOfFolds(scores, FoldDecisions.OnScores(scores)!), Is.EqualTo(NaiveVerification.ExactAccuracy(scores).Mean)
            .Within(1e-14));
    }

    [Test]
    public void A_tiny_case_by_hand()
    {
        // fold 1 gives 0.26 for fold 0, which rejects its genuine pair; fold 0 gives 1.01 for fold 1
        var scores = new PairScores("two", [1f, 3f, 0.25f, 2f], [true, false, true, false], [0, 0, 1, 1], 2);
        Assert.That(FoldDecisions.OnGrid(scores), Is.EqualTo(new[] { false, true, true, true }));
    }

    [Test]
    public void Without_an_accuracy_there_are_no_decisions()
    {
        var one = new PairScores("one fold", [1f, 3f], [true, false], [0, 0], 1);
        var alike = new PairScores("alike", [1f, 1f, 1f, 1f], [true, false, true, false], [0, 0, 1, 1], 2);
        Assert.That((FoldDecisions.OnGrid(one), FoldDecisions.OnScores(one), FoldDecisions.OnGrid(alike), FoldDecisions.OnScores(alike)),
            Is.EqualTo(((bool[]?)null, (bool[]?)null, (bool[]?)null, (bool[]?)null)));
    }

    private static double MeanOfFolds(PairScores scores, bool[] right) =>
        right.Zip(scores.Fold).GroupBy(pair => pair.Second).Average(fold => fold.Average(pair => pair.First ? 1.0 : 0));
}
