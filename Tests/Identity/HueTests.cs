using System.Text.RegularExpressions;
using Ablation.Experiments.Identity;

namespace Ablation.Tests.Identity;

/// <summary>The colours of losses can be told from the page and from each other, by colour-blind readers too.</summary>
[Parallelizable]
public sealed partial class HueTests
{
    // G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009,
    // severity 1, on linear RGB
    private static readonly double[,] Protanopia =
        { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } };

    private static readonly double[,] Deuteranopia =
        { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } };

    private static readonly double[,] Tritanopia =
        { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } };

    private static readonly double[,] Full = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

    private static readonly string Style =
        File.ReadAllText(Path.Combine(Repository.Root, "Experiments", "Reports", "Page", "page.css"));

    [TestCase("back")]
    [TestCase("panel")]
    [TestCase("subject")]
    public void Every_hue_has_a_contrast_of_three_on_every_surface(string surface)
    {
        var (light, dark) = Token(surface);
        foreach (var hue in Hue.All)
        {
            Assert.That(Contrast(hue.Light, light), Is.GreaterThanOrEqualTo(3), $"{hue.Name} on {light}");
            Assert.That(Contrast(hue.Dark, dark), Is.GreaterThanOrEqualTo(3), $"{hue.Name} on {dark}");
        }
    }

    [TestCase("ink", 4.5)]
    [TestCase("ink-soft", 4.5)]
    [TestCase("ink-faint", 4.5)]
    [TestCase("link", 4.5)]
    [TestCase("warn", 4.5)]
    [TestCase("bad", 4.5)]
    [TestCase("good", 4.5)]
    public void Text_has_a_contrast_of_four_and_a_half_on_every_surface(string token, double least)
    {
        var (light, dark) = Token(token);
        foreach (var (onLight, onDark) in new[] { "back", "panel", "subject" }.Select(Token))
        {
            Assert.That(Contrast(light, onLight), Is.GreaterThanOrEqualTo(least));
            Assert.That(Contrast(dark, onDark), Is.GreaterThanOrEqualTo(least));
        }
    }

    [Test]
    public void The_page_has_the_same_hues()
    {
        foreach (var hue in Hue.All) Assert.That(Token(hue.Name), Is.EqualTo((hue.Light, hue.Dark)));
    }

    [TestCase("full colour", 14.7, 17.4)]
    [TestCase("protanopia", 8.2, 10.8)]
    [TestCase("deuteranopia", 8.1, 10.8)]
    [TestCase("tritanopia", 7.3, 8.7)]
    public void Two_hues_are_as_far_apart_as_designed(string sight, double light, double dark)
    {
        var seen = sight switch { "protanopia" => Protanopia, "deuteranopia" => Deuteranopia, "tritanopia" => Tritanopia, _ => Full };
        Assert.That(Least(hue => hue.Light, seen), Is.GreaterThanOrEqualTo(light));
        Assert.That(Least(hue => hue.Dark, seen), Is.GreaterThanOrEqualTo(dark));
    }

    /// <summary>Least distance of two hues in OKLab, times 100.</summary>
    private static double Least(Func<Hue, string> theme, double[,] seen)
    {
        var points = Hue.All.Select(hue => OkLab(Seen(Linear(theme(hue)), seen))).ToList();
        return (from i in Enumerable.Range(0, points.Count)
                from j in Enumerable.Range(0, i)
                select 100 * Math.Sqrt(points[i].Zip(points[j], (a, b) => (a - b) * (a - b)).Sum())).Min();
    }

    private static double[] Linear(string hex) => [.. new[] { 1, 3, 5 }.Select(at => Convert.ToInt32(hex[at..(at + 2)], 16) / 255.0)
        .Select(share => share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4))];

    private static double[] Seen(double[] rgb, double[,] by) =>
        [.. Enumerable.Range(0, 3).Select(i => Math.Clamp(by[i, 0] * rgb[0] + by[i, 1] * rgb[1] + by[i, 2] * rgb[2], 0, 1))];

    /// <remarks>B. Ottosson, "A perceptual color space for image processing", 2020.</remarks>
    private static double[] OkLab(double[] rgb)
    {
        double Root(double r, double g, double b) => Math.Cbrt(r * rgb[0] + g * rgb[1] + b * rgb[2]);
        var l = Root(0.4122214708, 0.5363325363, 0.0514459929);
        var m = Root(0.2119034982, 0.6806995451, 0.1073969566);
        var s = Root(0.0883024619, 0.2817188376, 0.6299787005);
        return
        [
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        ];
    }

    /// <summary>As WCAG 2 defines it.</summary>
    private static double Contrast(string one, string other)
    {
        double Luminance(string hex) => Linear(hex) is var rgb ? 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] : 0;
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static (string Light, string Dark) Token(string name)
    {
        var found = Tokens().Matches(Style).FirstOrDefault(match => match.Groups[1].Value == name);
        Assert.That(found, Is.Not.Null, $"the page's style has no token --{name}");
        return (found!.Groups[2].Value, found.Groups[3].Value);
    }

    [GeneratedRegex(@"--([a-z-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)")]
    private static partial Regex Tokens();
}
