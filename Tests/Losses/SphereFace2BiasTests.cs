using Ablation.Losses;
using Ablation.Losses.Heads;

namespace Ablation.Tests.Losses;

/// <summary>With the bias that SphereFace2 starts with, own identity and others pull equally hard where all cosines are 0.</summary>
public sealed class SphereFace2BiasTests
{
    [Test]
    public void Both_pull_alike_at_the_start([Values(0.2, 0.7, 0.99)] double share, [Values(2, 12, 1000)] int classes,
        [Values(0, 0.5)] double margin)
    {
        var options = new SphereFace2Options { Scale = 32, PositiveShare = share, Margin = margin };
        using var loss = (FaceLoss)options.Build(new LossShape(classes, 4));
        var bias = (double)loss.Followed["bias"].item<float>();
        Assert.That(double.IsFinite(bias), $"{bias}");
        var bent = options.Scale * (2 * Math.Pow(0.5, options.Curve) - 1);
        var own = share / (1 + Math.Exp(bent - options.Scale * margin + bias));
        var others = (1 - share) * (classes - 1) / (1 + Math.Exp(-(bent + options.Scale * margin + bias)));
        Assert.That(own / others, Is.EqualTo(1).Within(1e-4));
    }
}
