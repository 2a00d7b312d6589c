using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>Where the trained biases of the pairwise losses start.</summary>
public sealed class PairwiseStartTests
{
    [TestCase(10_572, 11.57)]
    [TestCase(85_742, 13.66)]
    public void UniFace_starts_with_the_threshold_of_its_paper(int classes, double threshold) =>
        Assert.That(-Bias(new UniFaceOptions(), classes), Is.EqualTo(threshold).Within(0.005));

    [TestCase(10_572, 0.7, 40, 0.4, 5.58)]
    [TestCase(10_572, 0.8, 64, 0.5, 8.12)]
    [TestCase(85_742, 0.8, 64, 0.5, 6.03)]
    [TestCase(324, 0.7, 40, 0.4, 9.08)]
    public void SphereFace2_starts_where_both_sides_pull_equally(int classes, double share, double scale, double margin, double bias)
    {
        var options = new SphereFace2Options { PositiveShare = share, Scale = scale, Margin = margin };
        Assert.That(Bias(options, classes), Is.EqualTo(bias).Within(0.005));
        // by hand, with all cosines at 0: a sigmoid(-z_y) = (1-a) (C-1) sigmoid(z_j)
        var b = Bias(options, classes);
        var bent = 2 * Math.Pow(0.5, options.Curve) - 1;
        var own = share / (1 + Math.Exp(scale * (bent - margin) + b));
        var others = (1 - share) * (classes - 1) / (1 + Math.Exp(-(scale * (bent + margin) + b)));
        Assert.That(own / others, Is.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void Proxies_of_an_identity_start_apart()
    {
        using var generator = new Generator(3);
        using var loss = new SubCenterArcFaceOptions { Centers = 3 }.Build(new LossShape(5, 4));
        loss.InitialiseProxies(generator);
        Assert.That(loss.proxies.shape, Is.EqualTo(new long[] { 15, 4 }));
        Assert.That(loss.proxies.data<float>().Distinct().Count(), Is.EqualTo(60));
    }

    private static double Bias(LossOptions options, int classes)
    {
        using var loss = options.Build(new LossShape(classes, 4));
        return loss.named_parameters().First(one => one.name == "bias").parameter.item<float>();
    }
}
