using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

public sealed class JudgementTests
{
    [Test]
    public void Holm_by_hand()
    {
        // sorted 0.005 0.01 0.03 0.04 times 4 3 2 1, then made monotone
        Assert.That(Holm.Adjust([0.01, 0.04, 0.03, 0.005]), Is.EqualTo(new double?[] { 0.03, 0.06, 0.06, 0.02 }).Within(1e-15));
        Assert.That(Holm.Adjust([0.01, 0.02, 0.03, 0.04, 0.05]), Is.EqualTo(new double?[] { 0.05, 0.08, 0.09, 0.09, 0.09 }).Within(1e-15));
        Assert.That(Holm.Adjust([0.6, 0.7]), Is.EqualTo(new double?[] { 1, 1 }));
        Assert.That(Holm.Adjust([]), Is.Empty);
    }

    [Test]
    public void An_impossible_test_is_not_counted() =>
        Assert.That(Holm.Adjust([null, 0.03, null, 0.02]), Is.EqualTo(new double?[] { null, 0.04, null, 0.04 }));

    [TestCase(1.2)]
    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    public void An_invalid_p_value_is_refused(double p) =>
        Assert.That(() => Holm.Adjust([0.1, p]), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_significant_result_may_not_survive_the_correction()
    {
        var comparison = new PairedComparison(5, 0, 0.01, 0.009, 0.03, 0.0625);
        var alone = Judgement.OverTable([(comparison, true)]);
        Assert.That(alone.Single(), Is.EqualTo(new Judgement(comparison, 0.03, Verdict.Better)));
        var table = Judgement.OverTable([(comparison, true), (comparison with { TTestP = 0.5 }, true)]);
        Assert.That(table.Select(entry => entry.Verdict), Is.All.EqualTo(Verdict.NotDistinguishable));
    }

    [TestCase(0.01, true, Verdict.Better)]
    [TestCase(-0.01, true, Verdict.Worse)]
    [TestCase(0.01, false, Verdict.Worse)]
    [TestCase(-0.01, false, Verdict.Better)]
    public void Better_depends_on_the_metric(double difference, bool higherIsBetter, Verdict verdict) =>
        Assert.That(Single(new PairedComparison(5, 0, difference, 0.001, 0.001, 0.0625), higherIsBetter), Is.EqualTo(verdict));

    [Test]
    public void The_level_itself_is_not_below_the_level() =>
        Assert.That(Single(new PairedComparison(5, 0, 0.01, 0.01, 0.05, 0.0625), true), Is.EqualTo(Verdict.NotDistinguishable));

    [Test]
    public void Without_a_test_there_is_no_claim()
    {
        Assert.That(Single(new PairedComparison(1, 0, 0.01, null, null, null), true), Is.EqualTo(Verdict.OneSeed));
        Assert.That(Single(new PairedComparison(0, 2, null, null, null, null), true), Is.EqualTo(Verdict.NoCommonSeed));
        Assert.That(Single(new PairedComparison(2, 0, 0.01, 0, null, 0.5), true), Is.EqualTo(Verdict.NoVariation));
        Assert.That(Enum.GetValues<Verdict>().Select(Judgement.Text), Is.Unique);
        Assert.That(Judgement.Text(Verdict.OneSeed), Is.EqualTo("n/a (one seed)"));
    }

    [Test]
    public void A_test_within_one_seed_is_ignored_if_there_are_more_seeds()
    {
        var within = new OneSeedComparison("McNemar", -0.2, 1e-6, null, null, "");
        var judged = Judgement.OverTable([(new PairedComparison(5, 0, 0.01, 0.009, 0.03, 0.0625), true, within)]).Single();
        Assert.That((judged.Verdict, judged.HolmP, judged.OneSeed), Is.EqualTo((Verdict.Better, (double?)0.03, (OneSeedComparison?)null)));
        var alone = Judgement.OverTable([(new PairedComparison(1, 0, 0.01, null, null, null), true, within)]).Single();
        Assert.That((alone.Verdict, alone.HolmP, alone.OneSeed), Is.EqualTo((Verdict.Worse, (double?)1e-6, within)));
    }

    private static Verdict Single(PairedComparison comparison, bool higherIsBetter) =>
        Judgement.OverTable([(comparison, higherIsBetter)]).Single().Verdict;
}
