using Ablation.Experiments.Reports.Plots;

namespace Ablation.Tests.Reports.Plots;

/// <summary>An SVG has the same bytes whichever C library wrote its numbers.</summary>
[Parallelizable]
public sealed class SvgTextTests
{
    [TestCase("3.6914062", "3.6914063", "3.69", Description = "a half at the eighth digit")]
    [TestCase("M146.062 1", "M146.063 1", "M146.06 1", Description = "a half at the sixth digit")]
    [TestCase("1234.12", "1234.13", "1234.1")]
    [TestCase("-0.13725490", "-0.13725491", "-0.1373", Description = "an opacity of 35/255 keeps its byte")]
    [TestCase("1e-05 2.00", "1e-05 2.00", "1e-05 2")]
    [TestCase("-0.00001", "-0.00002", "0")]
    public void Ties_that_were_rounded_differently_become_the_same(string one, string other, string both)
    {
        foreach (var number in new[] { one, other })
            Assert.That(SvgText.Canonical($"<rect x=\"{number}\"/>\r\n"), Is.EqualTo($"<rect x=\"{both}\"/>\n"));
    }

    /// <summary>Every float that is a half at the last digit that %g or %.8g keeps, rounded up and down.</summary>
    [TestCase(6)]
    [TestCase(8)]
    public void Every_half_of_a_float_becomes_the_same(int digits)
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var whole = random.Next(1, 10_000);
            var decimals = digits - whole.ToString().Length;
            if (decimals < 1) continue;
            // a half after this many decimals is an odd multiple of 2^-(decimals+1)
            var half = whole + (2 * random.Next(1 << decimals) + 1) / (decimal)(1 << (decimals + 1));
            var step = 1m / (decimal)Math.Pow(10, decimals);
            var down = Math.Floor(half / step) * step;
            var (low, high) = (SvgText.Canonical($"<a x=\"{down.ToString($"F{decimals}")}\"/>"),
                SvgText.Canonical($"<a x=\"{(down + step).ToString($"F{decimals}")}\"/>"));
            Assert.That(low, Is.EqualTo(high), $"{half}");
        }
    }

    /// <summary>The same as decimal's own rounding, with any number of digits.</summary>
    [Test]
    public void Any_number_is_rounded_as_a_decimal()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var value = Math.Round((decimal)(random.NextDouble() * Math.Pow(10, random.Next(-5, 6))), random.Next(2, 14));
            if (random.Next(2) == 0) value = -value;
            var text = value.ToString($"F{random.Next(2, 14)}");
            var read = decimal.Parse(text);
            var rounded = decimal.Round(read, Math.Abs(read) switch { < 1 => 4, < 1000 => 2, _ => 1 }, MidpointRounding.AwayFromZero);
            var expected = rounded == 0 ? "0" : rounded.ToString("0.####");
            Assert.That(SvgText.Canonical($"<a x=\"{text} 1\"/>"), Is.EqualTo($"<a x=\"{expected} 1\"/>"));
        }
    }

    [Test]
    public void Text_is_left_alone() =>
        Assert.That(SvgText.Canonical("<text x=\"1.25\">0.123456</text>"), Is.EqualTo("<text x=\"1.25\">0.123456</text>"));
}
