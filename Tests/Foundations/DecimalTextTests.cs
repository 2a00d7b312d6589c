using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Foundations;

/// <summary>A number reads the same on every page and on the terminal.</summary>
public sealed class DecimalTextTests
{
    [TestCase(0.75, 1, "0.8")]
    [TestCase(-0.75, 1, "-0.8")]
    [TestCase(-0.04, 1, "0.0")]
    [TestCase(0.0, 2, "0.00")]
    [TestCase(94.12499999999999, 2, "94.13")]
    [TestCase(94.1249, 2, "94.12")]
    [TestCase(2.5, 0, "3")]
    [TestCase(1e15, 1, "1000000000000000.0")]
    public void Halves_go_away_from_zero_and_zero_has_no_sign(double value, int decimals, string text) =>
        Assert.That(DecimalText.Fixed(value, decimals), Is.EqualTo(text));

    // 0.9825 - 0.975 is 0.007499999999999951 in binary, and 0.985 - 0.9775 is 0.007500000000000062
    [Test]
    public void A_difference_is_the_same_on_the_page_and_on_the_terminal()
    {
        foreach (var (a, b) in new[] { (0.975, 0.9825), (0.9775, 0.985), (0.9825, 0.975), (0.9, 0.9004), (0.5, 0.5) })
        {
            Assert.That(Digits.Points(100 * (b - a)), Is.EqualTo((ValueFormat.Percent with { Decimals = 1 }).Signed(b - a)), $"{b} - {a}");
            Assert.That(Digits.Percent(b), Is.EqualTo((ValueFormat.Percent with { Decimals = 1 }).Text(b)));
        }

        Assert.That(Digits.Points(100 * (0.9825 - 0.975)), Is.EqualTo("+0.8"));
    }
}
