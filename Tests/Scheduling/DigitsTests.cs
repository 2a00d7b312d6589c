using Ablation.Experiments.Scheduling;

namespace Ablation.Tests.Scheduling;

/// <summary>Numbers on the terminal.</summary>
public sealed class DigitsTests
{
    [TestCase(0.4, "0 s")]
    [TestCase(42, "42 s")]
    [TestCase(89.9, "90 s")]
    [TestCase(90, "1.5 min")]
    [TestCase(3596, "59.9 min")]
    [TestCase(3597, "1 h 0 min")]
    [TestCase(4320, "1 h 12 min")]
    [TestCase(7199, "2 h 0 min")]
    [TestCase(172_800, "2.0 d")]
    public void A_duration_has_a_fitting_unit(double seconds, string text) => Assert.That(Digits.Time(seconds), Is.EqualTo(text));

    [TestCase(0.2951, "0.295")]
    [TestCase(0.0295, "0.0295")]
    [TestCase(9.0612, "9.06")]
    [TestCase(23.08, "23.1")]
    [TestCase(231.8, "232")]
    [TestCase(0, "0.00")]
    [TestCase(-1.234, "-1.23")]
    [TestCase(double.NaN, "NaN")]
    public void A_loss_has_three_significant_digits(double loss, string text) => Assert.That(Digits.Loss(loss), Is.EqualTo(text));

    [TestCase(0.9145, "91.5")]
    [TestCase(null, "n/a")]
    public void A_share_has_one_decimal_and_none_is_invented(double? share, string text) =>
        Assert.That(Digits.Percent(share), Is.EqualTo(text));
}
