using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Metrics;

public sealed class PairedBootstrapTests
{
    private static readonly (string, string)[] Figures = [("AUC", "ties by half"), ("accuracy", "5-fold, grid"),
        ("TAR@FAR=1e-1", "conservative"), ("EER", "interpolated")];

    [Test]
    public void A_draw_weights_both_networks_equally()
    {
        var (one, other) = new PersonalPairs(20, 6, 0.2, 0.1, 0.1).Draw(3, 0.05);
        var found = PairedBootstrap.Differences(one, other, [Figures[0]], 41, 5)[0]!;
        var numbered = IdentityBootstrap.Numbered(one)!.Value;
        var differences = Enumerable.Range(0, 41)
            .Select(draw => IdentityBootstrap.Weights(one.Same, numbered.First, numbered.Second, IdentityBootstrap.Drawn(20, draw, 5)))
            .Select(weights => Area(one, weights) - Area(other, weights)).Order().ToList();
        Assert.That((found.Interval.Low, found.Interval.High), Is.EqualTo((differences[1], differences[39])));
        Assert.That(found.P, Is.EqualTo(2.0 * (1 + Math.Min(differences.Count(d => d <= 0), differences.Count(d => d >= 0))) / 42)
            .Within(1e-15));
        Assert.That(found.Difference, Is.EqualTo(Value(one, "AUC") - Value(other, "AUC")).Within(1e-15));
        Assert.That(found.Interval.Kind, Is.EqualTo("paired identity bootstrap, 41 draws, seed 5"));
    }

    [Test]
    public void Swapping_the_networks_changes_signs_and_keeps_p()
    {
        var (one, other) = new PersonalPairs(25, 6, 0.2, 0.1, 0.1).Draw(4, 0.04);
        var (forth, back) = (PairedBootstrap.Differences(one, other, Figures, 100), PairedBootstrap.Differences(other, one, Figures, 100));
        foreach (var (a, b) in forth.Zip(back))
        {
            Assert.That((b!.Difference, b.Interval.Low, b.Interval.High, b.P),
                Is.EqualTo((-a!.Difference, -a.Interval.High, -a.Interval.Low, a.P)).Within(1e-15));
            Assert.That(a.Interval.Low, Is.LessThan(a.Interval.High));
        }

        Assert.That(PairedBootstrap.Differences(one, other, Figures, 100), Is.EqualTo(forth), "independent of threads");
    }

    [Test]
    public void A_network_is_not_distinguishable_from_itself()
    {
        var (one, _) = new PersonalPairs(20, 6, 0.2, 0, 0.1).Draw(1);
        Assert.That(PairedBootstrap.Differences(one, one with { }, Figures, 50)
            .Select(found => (found!.Difference, found.P)), Is.All.EqualTo((0.0, 1.0)));
    }

    [Test]
    public void Person_effects_common_to_both_networks_cancel()
    {
        var (one, other) = new PersonalPairs(40, 10, 0.3, 0, 0.05).Draw(2, 0.1);
        var paired = PairedBootstrap.Differences(one, other, [Figures[0]], 400)[0]!.Interval;
        var alone = one.AllMetrics(400, 0).Single(metric => metric.Name == "AUC").Interval!;
        Assert.That(paired.High - paired.Low, Is.LessThan((alone.High - alone.Low) / 2));
    }

    [Test]
    public void Without_possible_draws_there_is_no_difference()
    {
        var (one, other) = new PersonalPairs(20, 6, 0.2, 0.1, 0.1).Draw(1);
        Assert.That(PairedBootstrap.Differences(one, other, Figures, 0), Is.All.Null);
        Assert.That(PairedBootstrap.Differences(one, other, [("AUC", "another"), ("TAR@FAR=1e-3", "conservative")], 20), Is.All.Null,
            "no such figure; a rate below one impostor pair");
        PairScores Nameless(PairScores scores) => scores with { FirstPerson = null, SecondPerson = null };
        Assert.That(PairedBootstrap.Differences(Nameless(one), Nameless(other), Figures, 20), Is.All.Null);
        var same = one.Same.ToArray();
        same[0] = !same[0];
        Assert.That(() => PairedBootstrap.Differences(one, other with { Same = same }, Figures, 20),
            Throws.TypeOf<DataProblem>().With.Message.Contains("same pairs"));
        Assert.That(() => PairedBootstrap.Differences(one, other with { Test = "LFW" }, Figures, 20),
            Throws.TypeOf<DataProblem>().With.Message.Contains("LFW"));
    }

    [Test]
    public void The_bootstrap_decides_if_persons_are_known_and_McNemar_otherwise()
    {
        var (one, other) = new PersonalPairs(30, 8, 0.2, 0.1, 0.1).Draw(7, 0.2);
        var found = OneSeedTest.Compare(one, other, Figures, 200, 3);
        Assert.That(found.Select(entry => entry!.Test), Is.All.EqualTo("identity bootstrap"));
        Assert.That(found[1]!.Difference, Is.EqualTo(Value(one, "accuracy") - Value(other, "accuracy")).Within(1e-14), "equal folds");
        Assert.That(found[1]!.Low, Is.LessThan(found[1]!.High!.Value));
        Assert.That(found[0]!.Difference, Is.EqualTo(Value(one, "AUC") - Value(other, "AUC")).Within(1e-15).And.Negative);
        Assert.That(found[0]!.How, Is.EqualTo("paired identity bootstrap, 200 draws, seed 3"));
        var exactOnly = OneSeedTest.Compare(one, other, Figures, 0);
        Assert.That(exactOnly.Select(entry => entry?.P),
            Is.EqualTo(new double?[] { null, McNemar.Test(FoldDecisions.OnGrid(one)!, FoldDecisions.OnGrid(other)!).ExactP, null, null }));
        Assert.That(exactOnly[1]!.Test, Is.EqualTo("McNemar"));
        Assert.That(exactOnly[1]!.Difference, Is.EqualTo(found[1]!.Difference).Within(1e-14));
        var nobody = OneSeedTest.Compare(one with { FirstPerson = null, SecondPerson = null },
            other with { FirstPerson = null, SecondPerson = null }, Figures, 200, 3);
        Assert.That(nobody[1], Is.EqualTo(exactOnly[1]));
        Assert.That(exactOnly[1]!.Low, Is.Null);
        Assert.That(OneSeedTest.Answers(one, "accuracy", "5-fold, exact"), Is.EqualTo(FoldDecisions.OnScores(one)));
        Assert.That(OneSeedTest.Answers(one, "accuracy", "whole-set"), Is.Null);
    }

    [Test]
    public void Ranks_of_probes_are_compared_probe_by_probe()
    {
        var (one, other) = (Probes([0, 0, 0, 0, 0, 0, 3, 0]), Probes([0, 2, 1, 1, 1, 4, 0, 0]));
        (string, string)[] figures = [("rank-1", "any mate"), ("rank-5", "any mate"), ("mAP", "all mates"),
            ("FNIR@FPIR=0.1", "conservative, by score")];
        var found = OneSeedTest.Compare(one, other, figures, 300);
        Assert.That(OneSeedTest.Compare(one, other, figures, 0)[0], Is.EqualTo(OneSeedComparison.FromMcNemar(McNemar.Test(5, 1), 8)));
        Assert.That((found[0]!.Test, found[0]!.Difference), Is.EqualTo(("identity bootstrap", 0.5)));
        Assert.That(found[0]!.Low, Is.LessThan(found[0]!.Difference));
        Assert.That((found[1]!.P, found[1]!.Difference), Is.EqualTo((1.0, 0.0)));
        Assert.That((found[2]!.Test, found[2]!.Difference),
            Is.EqualTo(("identity bootstrap", (double)(one.Metrics()[2].Value - other.Metrics()[2].Value)!)));
        Assert.That(found[3], Is.Null, "a figure at a common threshold is not a mean over probes");
        Assert.That(() => OneSeedTest.Compare(one, other with { Person = [9, 1, 2, 2, 3, 3, 4, 4] }, figures),
            Throws.TypeOf<DataProblem>());
    }

    private static IdentificationScores Probes(int[] before) =>
        new("search", MateRule.Any, [.. before.Select(_ => 1)], [.. before.Select((_, i) => 0.5 + 0.01 * i)], before,
        [.. before.Select((count, i) => count == 0 ? 0.3 : 0.8)], [[.. before.Select((_, i) => 0.8 - 0.01 * i)]], [], [1, 5])
        { Person = [1, 1, 2, 2, 3, 3, 4, 4], Gallery = [8] };

    private static double Area(PairScores scores, long[] weights) =>
        AreaUnderCurve.Area(RocCurve.Build(scores, new DistinctScores(scores.SquaredDistance), weights)!.Points);

    private static double Value(PairScores scores, string name) => scores.Metrics().First(metric => metric.Name == name).Value!.Value;
}
