using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports.Comparing;

/// <summary>Two networks pair by pair, with McNemar's test.</summary>
[Parallelizable]
public sealed class PairsComparisonTests
{
    private const int Pairs = 40;
    private static readonly PairScores A = Wrong(3, 8, 9), B = Wrong(9, 12);

    [Test]
    public void The_pairs_decided_differently_are_listed_with_both_scores()
    {
        var found = PairsComparison.Of(A, B);
        Assert.That(found.Test, Is.EqualTo(McNemar.Test(2, 1)), "B alone is right on 3 and 8, A alone on 12");
        Assert.That(found.Pairs.Select(pair => (pair.Pair, pair.IsRightA)), Is.EquivalentTo(new[] { (4, false), (9, false), (13, true) }));
        Assert.That(found.Pairs.Select(pair => Math.Abs(pair.Change)), Is.Ordered.Descending);
        var fourth = found.Pairs.Single(pair => pair.Pair == 4);
        Assert.That((fourth.CosineA, fourth.CosineB), Is.EqualTo((1 - A.SquaredDistance[3] / 2.0, 1 - B.SquaredDistance[3] / 2.0)));
    }

    [Test]
    public void The_text_says_who_is_right_where_and_lists_the_largest_first()
    {
        var lines = PairsComparison.Of(A, B).Lines("A (Softmax, seed 1)", "B (Npt, seed 1)", 2, TerminalLook.OfFile).ToList();
        Assert.That(lines[0], Is.EqualTo("pairs: of 40 pairs B (Npt, seed 1) alone gets 2 right and A (Softmax, seed 1) alone 1 (+2.50 " +
            "points of accuracy; McNemar's exact test, p = 1.000)."));
        Assert.That(lines, Has.One.EqualTo("decided differently, the 2 of 3 whose cosines differ most"));
        Assert.That(lines[^1], Does.Match(@"^ +\d+ +\d+ +\S* *(same|different) +-?0\.\d{3} +-?0\.\d{3} +(A|B)$"));
        Assert.That(PairsComparison.Of(A, A).Lines("A", "B", 2, TerminalLook.OfFile).ToList(), Has.Count.EqualTo(2), "nothing to list");
    }

    [Test]
    public void Other_pairs_are_refused() => Assert.That(() => PairsComparison.Of(A, Wrong() with { Same = new bool[Pairs] }),
        Throws.TypeOf<DataProblem>().With.Message.Contains("not tested on the same pairs"));

    /// <summary>Scores of a network that is wrong on the given pairs, and whose cosines differ from pair to pair.</summary>
    private static PairScores Wrong(params int[] wrong)
    {
        bool[] same = [.. Enumerable.Range(0, Pairs).Select(pair => pair % 2 == 0)];
        float[] distance = [.. same.Select((isSame, pair) => (isSame == wrong.Contains(pair) ? 3 : 0.5f) + pair / 100f)];
        return new PairScores("pairs", distance, same, [.. Enumerable.Range(0, Pairs).Select(pair => pair / 2 % 10)], 10);
    }
}
