using Ablation.Harness.Statistics;
using MathNet.Numerics.Distributions;

namespace Ablation.Tests.Statistics;

/// <summary>The fixture end to end, by R: anova for the MSE, pmvt for p; and the rules that decide a verdict.</summary>
[Parallelizable]
public sealed class ModeratedTTests
{
    [Test]
    public void The_scatter_of_the_fixture_equals_that_of_R()
    {
        var scatter = BorrowedScatter.Of(Fixture.Column.Baseline, Fixture.Column.Losses)!;
        Assert.That(scatter.Prior, Is.EqualTo(2.312690).Within(5e-7), "the mean variance, above twice the MSE of 0.529");
        Assert.That((scatter.ResidualFreedom, scatter.Freedom(3)), Is.EqualTo((14, 6)));
        // with a baseline whose differences vary less, twice the MSE is the larger
        Assert.That(BorrowedScatter.Of(Fixture.Of(1, 2, 3), [Fixture.Of(2, 3, 4), Fixture.Of(5, 4, 4.5)])!.Prior,
            Is.EqualTo(2 * TwoWayError([[1, 2, 3], [2, 3, 4], [5, 4, 4.5]])).Within(1e-12));
    }

    [TestCase("Softmax", -1.8333, 1.8934, 0.8511, -2.1542, 0.271418, 3.0406, 2.0825, Verdict.Open)]
    [TestCase("NormalisedSoftmax", -1.0033, 1.8489, 0.8482, -1.1830, 0.743869, 3.0302, 2.0754, Verdict.Open)]
    [TestCase("ProxyTriplet", -4.6833, 1.0300, 0.7927, -5.9080, 0.004801, 2.8321, 1.9397, Verdict.Worse)]
    [TestCase("SphereFace", -0.4900, 3.2601, 0.9360, -0.5235, 0.990199, 3.3442, 2.2904, Verdict.Open)]
    [TestCase("CosFace", -0.7700, 4.6111, 1.0131, -0.7601, 0.943056, 3.6194, 2.4789, Verdict.Open)]
    [TestCase("CurricularFace", -2.5100, 0.8400, 0.7793, -3.2210, 0.075249, 2.7841, 1.9068, Verdict.Open)]
    [TestCase("Npt", -11.6067, 2.7052, 0.9025, -12.8605, 0.000065, 3.2244, 2.2083, Verdict.Worse)]
    public void The_fixture_equals_the_reference(string loss, double difference, double variance, double error, double t, double p,
        double simultaneous, double alone, Verdict verdict)
    {
        var found = Fixture.Loss(loss);
        Assert.Multiple(() =>
        {
            Assert.That(found.Difference, Is.EqualTo(difference).Within(5e-5));
            Assert.That(found.OwnDeviation * found.OwnDeviation, Is.EqualTo(variance).Within(5e-5));
            Assert.That(found.StandardError, Is.EqualTo(error).Within(5e-5));
            Assert.That(found.Difference / found.StandardError, Is.EqualTo(t).Within(5e-5));
            Assert.That(found.Family!.AdjustedP(Math.Abs(t), 6), Is.EqualTo(p).Within(5e-7), "the reference is of t with four decimals");
            Assert.That(found.AdjustedP, Is.EqualTo(p).Within(5e-5 * 0.5), "the slope of p is at most 0.5");
            Assert.That(found.HalfWidth, Is.EqualTo(simultaneous).Within(5e-5));
            Assert.That((found.Alone!.Value.High - found.Alone.Value.Low) / 2, Is.EqualTo(alone).Within(5e-5));
            Assert.That((found.Verdict, found.N, found.DegreesOfFreedom), Is.EqualTo((verdict, 3, (int?)6)));
            Assert.That(found.Family, Is.EqualTo(new ComparedFamily(7, 1, IsSidak: false)));
        });
    }

    [Test]
    public void Verdict_interval_and_p_agree_also_near_the_level()
    {
        for (var shift = -3.0; shift <= 3; shift += 0.01)
        {
            var column = Fixture.Column with { Losses = [Shifted(Fixture.Column.Losses[5], shift), .. Fixture.Column.Losses.Skip(1)] };
            var one = ModeratedT.Compare(column)[0];
            Assert.That(one.IsDecided, Is.EqualTo(one.Simultaneous!.Value.Excludes(0)), $"{shift}");
            Assert.That(one.IsDecided, Is.EqualTo(one.AdjustedP < 0.05), $"{shift}");
        }
    }

    [Test]
    public void With_one_loss_it_is_the_paired_t_test()
    {
        // A. R. Cushny and A. R. Peebles, 1905: hours of sleep gained; Student's own example of the paired test (1908)
        var one = ModeratedT.Compare(new ComparedColumn(Fixture.Of(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
            [Fixture.Of(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)]))[0];
        Assert.That((one.N, one.DegreesOfFreedom, one.Family!.Method), Is.EqualTo((10, (int?)9, "paired t")));
        Assert.That(one.Difference, Is.EqualTo(-1.58).Within(1e-12));
        Assert.That(one.AdjustedP, Is.EqualTo(0.002833).Within(5e-7));
        Assert.That(one.Simultaneous!.Value.Low, Is.EqualTo(-2.4598858).Within(1e-7));
        Assert.That(one.Alone!.Value.High, Is.EqualTo(-0.7001142).Within(1e-7));
        Assert.That(one.Signs, Is.EqualTo(new SeedSigns(0, 9, 1)));
    }

    [Test]
    public void Lower_may_be_better()
    {
        Assert.That(Fixture.Loss("Npt", Fixture.Column with { HigherIsBetter = false }).Verdict, Is.EqualTo(Verdict.Better));
        Assert.That(Fixture.Loss("Npt", Fixture.Column with { HigherIsBetter = false }).Difference, Is.Negative);
    }

    [Test]
    public void Two_primary_columns_share_the_level()
    {
        var (one, two) = (Fixture.Loss("CurricularFace"), Fixture.Loss("CurricularFace", Fixture.Column with { PrimaryColumns = 2 }));
        Assert.That(two.HalfWidth / two.StandardError, Is.EqualTo(4.1990).Within(5e-5), "Dunnett's value at 0.025");
        Assert.That(two.AdjustedP, Is.EqualTo(2 * one.AdjustedP).Within(1e-9));
        Assert.That(Fixture.Loss("SphereFace", Fixture.Column with { PrimaryColumns = 2 }).AdjustedP, Is.EqualTo(1));
        Assert.That(two.Alone, Is.EqualTo(one.Alone));
    }

    [TestCase("Npt", 20, Verdict.WorseByLess)]
    [TestCase("Npt", 13, Verdict.Worse)]
    [TestCase("SphereFace", 2.4, Verdict.EqualWithin)]
    [TestCase("SphereFace", 2.25, Verdict.Open)]
    public void A_practical_margin_is_tested_from_both_sides(string loss, double margin, Verdict verdict)
    {
        // SphereFace: 0.49 + 1.9432 (t 0.95, 6 d.f.) x 0.9360 = 2.309; Npt: 11.607 + 1.9432 x 0.9025 = 13.360
        Assert.That(Fixture.Loss(loss, Fixture.Column with { Margin = margin }).Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void A_margin_out_of_reach_is_said_to_be()
    {
        // the least that SphereFace's error allows: 1.9432 x 0.9360 = 1.819
        Assert.That(Fixture.Loss("SphereFace", Fixture.Column with { Margin = 1.83 }).IsMarginInReach, Is.True);
        Assert.That(Fixture.Loss("SphereFace", Fixture.Column with { Margin = 1.81 }).IsMarginInReach, Is.False);
        Assert.That(Fixture.Loss("SphereFace").IsMarginInReach, Is.Null);
    }

    [Test]
    public void A_described_column_has_an_interval_and_no_verdict()
    {
        var one = Fixture.Loss("Npt", Fixture.Column with { IsPrimary = false });
        Assert.That((one.Verdict, one.AdjustedP, one.Simultaneous, one.Family, one.SmallestFound, one.SeedsNeeded),
            Is.EqualTo((Verdict.Described, (double?)null, (Bounds?)null, (ComparedFamily?)null, (double?)null, (NeededSeeds?)null)));
        Assert.That(one.Alone, Is.EqualTo(Fixture.Loss("Npt").Alone));
        Assert.That(one.HalfWidth, Is.EqualTo(2.2083).Within(5e-5));
    }

    [Test]
    public void Two_seeds_give_an_interval_and_no_verdict()
    {
        var column = new ComparedColumn(Cut(Fixture.Column.Baseline, 2), [.. Fixture.Column.Losses.Select(loss => Cut(loss, 2))]);
        var one = Fixture.Loss("Npt", column);
        Assert.That((one.Verdict, one.N, one.DegreesOfFreedom, one.AdjustedP, one.IsDecided),
            Is.EqualTo((Verdict.Provisional, 2, (int?)5, (double?)null, false)));
        Assert.That(one.Difference, Is.EqualTo(-11.09).Within(5e-3));
        Assert.That(one.HalfWidth, Is.EqualTo(5.3).Within(0.05), "3.8205 standard errors");
        var alone = ModeratedT.Compare(column with { Losses = [column.Losses[0]] })[0];
        Assert.That((alone.Verdict, alone.Simultaneous, alone.Alone), Is.EqualTo((Verdict.Provisional, (Bounds?)null, (Bounds?)null)),
            "nothing to borrow from: t of one degree of freedom is 12.7");
    }

    [Test]
    public void One_seed_or_none_gives_no_interval()
    {
        var column = new ComparedColumn(Fixture.Of(1, 2), [Fixture.Of(3), Fixture.Of(), new(new Dictionary<int, double> { [7] = 1 })]);
        var found = ModeratedT.Compare(column);
        Assert.That(found.Select(one => (one.Verdict, one.N, one.Difference)), Is.EqualTo(new[]
            { (Verdict.OneSeed, 1, (double?)2), (Verdict.NoCommonSeed, 0, null), (Verdict.NoCommonSeed, 0, null) }));
        Assert.That(found.Select(one => (one.Alone, one.Deviation, one.Signs)),
            Is.All.EqualTo(((Bounds?)null, (double?)null, (SeedSigns?)null)));
    }

    [Test]
    public void A_missing_seed_takes_Sidaks_value_and_its_own_degrees_of_freedom()
    {
        var column = Fixture.Column with { Losses = [.. Fixture.Column.Losses.Select((loss, i) => i == 0 ? Cut(loss, 2) : loss)] };
        var found = ModeratedT.Compare(column);
        Assert.That(found[6].Family, Is.EqualTo(new ComparedFamily(7, 1, IsSidak: true)));
        Assert.That(found[6].HalfWidth / found[6].StandardError, Is.EqualTo(3.9779).Within(5e-5), "f = 6");
        Assert.That(found[0].HalfWidth / found[0].StandardError, Is.EqualTo(4.3585).Within(5e-5), "f = 5");
        Assert.That((found[0].Verdict, found[0].DegreesOfFreedom), Is.EqualTo((Verdict.Provisional, (int?)5)));
        var t = Math.Abs(found[6].Difference!.Value) / found[6].StandardError!.Value;
        Assert.That(found[6].AdjustedP, Is.EqualTo(1 - Math.Pow(1 - 2 * StudentT.CDF(0, 1, 6, -t), 7)).Within(1e-12));
        Assert.That(new ComparedFamily(7, 1, true).Critical(8), Is.EqualTo(3.5693).Within(5e-5));
        Assert.That(new ComparedFamily(7, 1, true).Critical(13), Is.EqualTo(3.1757).Within(5e-5));
    }

    [Test]
    public void Seeds_are_paired_by_number()
    {
        var (candidate, baseline) = (new LossSeeds(new Dictionary<int, double> { [3] = 0.9, [1] = 0.7, [2] = 0.8 }),
            new LossSeeds(new Dictionary<int, double> { [2] = 0.5, [3] = 0.7, [9] = 0.1 }));
        var one = ModeratedT.Compare(new ComparedColumn(baseline, [candidate]))[0];
        Assert.That((one.N, one.Difference), Is.EqualTo((2, (double?)((0.3 + 0.2) / 2))).Within(1e-15));
    }

    [Test]
    public void A_collapsed_seed_takes_the_interval_and_lends_no_scatter()
    {
        var collapsed = Cut(Fixture.Column.Losses[6], 2) with { Collapsed = 1 };
        var found = ModeratedT.Compare(Fixture.Column with { Losses = [.. Fixture.Column.Losses.Take(6), collapsed] });
        Assert.That((found[6].Verdict, found[6].N, found[6].Collapsed, found[6].Simultaneous, found[6].AdjustedP, found[6].Alone),
            Is.EqualTo((Verdict.Collapsed, 2, 1, (Bounds?)null, (double?)null, (Bounds?)null)));
        Assert.That(found[6].Difference, Is.EqualTo(-11.09).Within(5e-3), "of the other seeds");
        var without = ModeratedT.Compare(Fixture.Column with { Losses = [.. Fixture.Column.Losses.Take(6)] });
        Assert.That(found[0].StandardError, Is.EqualTo(without[0].StandardError));
        Assert.That(found[0].Family, Is.EqualTo(new ComparedFamily(7, 1, false)), "it was to be compared, so it counts");
        var ofBaseline = ModeratedT.Compare(Fixture.Column with { Baseline = Fixture.Column.Baseline with { Collapsed = 1 } });
        Assert.That(ofBaseline.Select(one => (one.Verdict, one.BaselineCollapsed)), Is.All.EqualTo((Verdict.Collapsed, 1)));
    }

    [Test]
    public void Differences_that_vary_by_rounding_only_do_not_vary()
    {
        double[] high = [0.3, 0.9], low = [0.1, 0.7];
        Assert.That(high.Zip(low, (x, y) => x - y), Is.Unique, "premise: the last bits differ");
        var column = new ComparedColumn(Fixture.Of(low), [Fixture.Of(high)]);
        Assert.That(ModeratedT.Compare(column)[0].Verdict, Is.EqualTo(Verdict.NoVariation));
        Assert.That(ModeratedT.Compare(column with { Losses = [.. column.Losses, Fixture.Of(0.5, 0.6)] }).Select(one => one.Verdict),
            Is.All.EqualTo(Verdict.Provisional), "another loss shows that values do vary");
    }

    [Test]
    public void A_value_that_is_not_finite_is_refused() => Assert.That(
        () => ModeratedT.Compare(new ComparedColumn(Fixture.Of(1, 2), [Fixture.Of(double.NaN, 1)])), Throws.ArgumentException);

    private static LossSeeds Cut(LossSeeds loss, int seeds) => new(loss.Values.Where(one => one.Key <= seeds).ToDictionary());

    private static LossSeeds Shifted(LossSeeds loss, double shift) =>
        new(loss.Values.ToDictionary(one => one.Key, one => one.Value + shift));

    private static double TwoWayError(double[][] rows)
    {
        var all = rows.SelectMany(row => row).Average();
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
                sum += Math.Pow(rows[i][j] - rows[i].Average() - rows.Average(row => row[j]) + all, 2);
        }

        return sum / ((rows.Length - 1) * (rows[0].Length - 1));
    }
}
