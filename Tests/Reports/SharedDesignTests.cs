using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;

namespace Ablation.Tests.Reports;

/// <summary>Equal arrays of trials are held in memory once.</summary>
[Parallelizable]
public sealed class SharedDesignTests
{
    [Test]
    public void Equal_arrays_are_shared_and_others_are_not()
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
                "a missing array stays missing");
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
