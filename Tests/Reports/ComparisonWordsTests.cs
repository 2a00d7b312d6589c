using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

/// <summary>Cell, mark and sentence of a comparison agree, since all come from its verdict.</summary>
[Parallelizable]
public sealed class ComparisonWordsTests
{
    private static readonly ValueFormat Format = ValueFormat.Percent;

    private static readonly LossComparison One = new(3, Verdict.Worse)
    {
        Difference = -0.1161,
        Simultaneous = Bounds.Around(-0.1161, 0.0322),
        Alone = Bounds.Around(-0.1161, 0.0221),
        Deviation = 0.0156,
        DegreesOfFreedom = 6,
        Margin = 0.005,
        Family = new ComparedFamily(7, 1, false),
    };

    [TestCase(Verdict.Worse, "-11.61 ± 3.22 worse", "▼")]
    [TestCase(Verdict.Better, "-11.61 ± 3.22 better", "▲")]
    [TestCase(Verdict.WorseByLess, "-11.61 ± 3.22 worse by less than 0.5", "▼")]
    [TestCase(Verdict.BetterByLess, "-11.61 ± 3.22 better by less than 0.5", "▲")]
    [TestCase(Verdict.EqualWithin, "-11.61 ± 3.22 equal within 0.5", "=")]
    [TestCase(Verdict.Open, "open: -11.61 (-14.83 to -8.39)", "")]
    [TestCase(Verdict.Provisional, "-11.61 ± 3.22 n/a (two seeds)", "")]
    [TestCase(Verdict.Described, "-11.61 ± 3.22", "")]
    [TestCase(Verdict.OneSeed, "-11.61, one seed", "")]
    [TestCase(Verdict.NoVariation, "-11.61 ± 3.22 n/a (no variation)", "")]
    public void The_line_of_a_cell_has_the_words_of_its_verdict(Verdict verdict, string line, string mark)
    {
        Assert.That(ComparisonWords.Line(One with { Verdict = verdict }, Format), Is.EqualTo(line));
        Assert.That(ComparisonWords.Mark(One with { Verdict = verdict }), Is.EqualTo(mark));
    }

    [Test]
    public void Every_verdict_has_words()
    {
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            var one = One with { Verdict = verdict, Collapsed = verdict == Verdict.Collapsed ? 1 : 0 };
            Assert.That(ComparisonWords.Word(one, Format).Length > 0, Is.EqualTo(verdict != Verdict.Described), verdict.ToString());
            Assert.That(ComparisonWords.Finding(one, "ArcFace", Format), Does.Contain("ArcFace"), verdict.ToString());
            Assert.That(ComparisonWords.Finding(one with { Difference = null }, "ArcFace", Format), Does.Contain("ArcFace"));
        }

        Assert.That(Enum.GetValues<Verdict>().Select(verdict => ComparisonWords.Word(One with { Verdict = verdict }, Format)),
            Is.Unique);
        Assert.That(ComparisonWords.Line(new LossComparison(0, Verdict.NoCommonSeed), Format), Is.EqualTo("n/a (no common seed)"));
    }

    [Test]
    public void A_sentence_names_the_procedure()
    {
        Assert.That(ComparisonWords.Finding(One, "ArcFace", Format), Is.EqualTo("is worse than ArcFace by 11.61 points (simultaneous " +
            "95 % interval -14.83 to -8.39, p < 0.001, Dunnett over 7 losses, 3 seeds; scatter partly borrowed from the other losses)"));
        Assert.That(ComparisonWords.Finding(One with { N = 5, Family = new ComparedFamily(7, 2, true) }, "ArcFace", Format),
            Does.EndWith("Sidak over 7 losses and 2 columns, 5 seeds)"));
    }

    [Test]
    public void Uneven_ends_are_printed_instead_of_a_half_width() => Assert.That(ComparisonWords.Line(
        One with { Verdict = Verdict.Worse, Simultaneous = new Bounds(-0.2, -0.08) }, Format),
        Is.EqualTo("-11.61 (-20.00 to -8.00) worse"));

    [TestCase(0.0009, "p < 0.001")]
    [TestCase(0.001, "p = 0.001")]
    [TestCase(0.0094, "p = 0.009")]
    public void A_probability_has_three_digits(double p, string text) => Assert.That(ComparisonWords.Probability(p), Is.EqualTo(text));
}
