using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Losses before and after a change: paired by seed, with scatter from one another, corrected over the losses.</summary>
[Parallelizable]
public sealed class ModeratedPairsTests
{
    private static readonly ComparedColumn Shape = new(new LossSeeds(new Dictionary<int, double>()), []);

    // differences 1, 2, 3 (variance 1) and 4, 4, 7 (variance 3)
    private static readonly (LossSeeds, LossSeeds)[] Two = [(Of(10, 20, 30), Of(11, 22, 33)), (Of(50, 40, 60), Of(54, 44, 67))];

    [Test]
    public void The_variance_is_moderated_by_hand_and_corrected_by_Sidak()
    {
        var (first, second) = (Compare(Two)[0], Compare(Two)[1]);
        Assert.That((first.Difference, second.Difference), Is.EqualTo((2.0, 5.0)), "after less before");
        // prior 2: (4 * 2 + 2 * 1) / 6, (4 * 2 + 2 * 3) / 6; freedom: the four of the residuals, below 4 + 2
        Assert.That(first.Deviation, Is.EqualTo(Math.Sqrt(10.0 / 6)).Within(1e-12));
        Assert.That(second.Deviation, Is.EqualTo(Math.Sqrt(14.0 / 6)).Within(1e-12));
        Assert.That(first.DegreesOfFreedom, Is.EqualTo(4));
        Assert.That(first.Family, Is.EqualTo(new ComparedFamily(2, 1, IsSidak: true)));
        // t of 4 degrees whose two tails are 1 - 0.95 ^ (1/2), from the closed form 1.5 x - 0.5 x^3, x = t / (4 + t^2) ^ (1/2)
        Assert.That(first.HalfWidth / first.StandardError, Is.EqualTo(3.48136).Within(2e-5));
        Assert.That((first.Verdict, second.Verdict), Is.EqualTo((Verdict.Open, Verdict.Better)));
        Assert.That(second.AdjustedP, Is.LessThan(0.05));
    }

    [Test]
    public void One_loss_alone_is_the_paired_t_test()
    {
        var paired = ModeratedT.Compare(new ComparedColumn(Two[1].Item1, [Two[1].Item2]))[0];
        var found = Compare([Two[1]])[0];
        Assert.That((found.Difference, found.AdjustedP, found.Simultaneous, found.DegreesOfFreedom),
            Is.EqualTo((paired.Difference, paired.AdjustedP, paired.Simultaneous, paired.DegreesOfFreedom)));
    }

    [Test]
    public void Trials_that_are_the_same_are_not_judged_and_lend_no_scatter()
    {
        var with = Compare([.. Two, (Of(1, 5, 9), Of(1, 5, 9))]);
        Assert.That(with[2].Verdict, Is.EqualTo(Verdict.NoVariation));
        Assert.That((with[0].AdjustedP, with[0].Deviation), Is.EqualTo((Compare(Two)[0].AdjustedP, Compare(Two)[0].Deviation)));
    }

    [Test]
    public void Seeds_of_one_side_only_are_left_out_and_a_collapse_is_not_judged()
    {
        var other = new LossSeeds(new Dictionary<int, double> { [7] = 1, [8] = 2 });
        var found = Compare([.. Two, (Of(1, 2, 4), other), (Of(1, 2, 4), Of(2, 9, 4) with { Collapsed = 1 }),
            (Of(1, 2, 4) with { Collapsed = 1 }, Of(2, 9, 4))]);
        Assert.That(found.Select(one => one.Verdict).Skip(2),
            Is.EqualTo(new[] { Verdict.NoCommonSeed, Verdict.Collapsed, Verdict.Collapsed }));
        Assert.That(found[0].Family!.Losses, Is.EqualTo(4), "a collapse was to be judged");
        Assert.That(found[0].Deviation, Is.EqualTo(Compare(Two)[0].Deviation), "a collapse lends no scatter");
    }

    [TestCase(3, 4, 1), TestCase(5, 4, 1), TestCase(5, 8, 1), TestCase(5, 8, 4), TestCase(10, 8, 1)]
    public void Where_nothing_changed_a_verdict_is_rare(int seeds, int losses, double loud)
    {
        var random = new Random(seeds * 100 + losses);
        var (tables, wrong) = (2000, 0);
        for (var table = 0; table < tables; table++)
        {
            var made = Enumerable.Range(0, losses).Select(loss => (Draw(loss), Draw(loss))).ToArray();
            if (Compare(made).Any(one => one.IsDecided)) wrong++;
        }

        Assert.That((double)wrong / tables, Is.LessThan(0.06), "0.05, and twice the deviation of 2000 tables");

        LossSeeds Draw(int loss) => Of([.. Enumerable.Range(0, seeds).Select(_ => (loss == 0 ? loud : 1) * Normal())]);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static IReadOnlyList<LossComparison> Compare((LossSeeds, LossSeeds)[] losses) => ModeratedPairs.Compare(losses, Shape);

    private static LossSeeds Of(params double[] values) => new(values.Index().ToDictionary(one => one.Index + 1, one => one.Item));
}
