using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;

namespace Ablation.Tests.Reports;

/// <summary>What trials have in common is held once, and only what is equal.</summary>
public sealed class SharedDesignTests
{
    [Test]
    public void Equal_arrays_are_one_and_others_stay_their_own()
    {
        var design = new SharedDesign();
        var first = (PairScores)design.Share(Scores([true, false], [1, 2]));
        var alike = (PairScores)design.Share(Scores([true, false], [1, 2]));
        var other = (PairScores)design.Share(Scores([false, true], [1, 2]));
        Assert.Multiple(() =>
        {
            Assert.That(alike.Same, Is.SameAs(first.Same));
            Assert.That(alike.FirstPerson, Is.SameAs(first.FirstPerson));
            Assert.That(alike.SquaredDistance, Is.Not.SameAs(first.SquaredDistance), "each trial's own");
            Assert.That(other.Same, Is.EqualTo(new[] { false, true }));
            Assert.That(other.Fold, Is.SameAs(first.Fold));
            Assert.That(((PairScores)design.Share(Scores([true, false], null))).FirstPerson, Is.Null,
                "what a trial does not know is not lent to it");
            Assert.That(((PairScores)design.Share(Scores([false, true], [1, 2]) with { Test = "another" })).Same,
                Is.EqualTo(new[] { false, true }));
        });
    }

    private static PairScores Scores(bool[] same, int[]? persons) =>
        new("pairs", [0.5f, 1.5f], [.. same], [0, 1], 2)
        {
            FirstPerson = persons is null
            ? null : [.. persons],
            SecondPerson = persons is null ? null : [.. persons]
        };
}
