using Ablation.Losses;

namespace Ablation.Tests.Losses;

/// <summary>The modes of the losses in which each identity, or each proxy, decides alone.</summary>
public static class PairwiseCases
{
    public static IEnumerable<LossOptions> All()
    {
        yield return new UniFaceOptions { Scale = 8 };
        yield return new UniFaceOptions { Scale = 8, CosineMargin = 0, NegativeWeight = 0.3 };
        yield return new UniTsFaceOptions { Scale = 8 };
        yield return new P2SGradOptions();
        yield return new ProxyAnchorOptions { Scale = 8 };
        yield return new ProxyAnchorOptions { Scale = 8, CosineMargin = 0.4 };
        foreach (var gradient in Enum.GetValues<MarginGradient>())
        {
            yield return new SphereFace2Options { Scale = 8, Gradient = gradient };
            yield return new SphereFace2Options { Scale = 8, Curve = 1, LossWeight = 3, PositiveShare = 0.2, Gradient = gradient };
            yield return new SphereFace2Options { Scale = 8, Curve = 2.5, Gradient = gradient }; // no whole exponent
            yield return new SphereFace2Options { Scale = 8, MarginType = SphereFace2Type.A, Margin = 0.5, Gradient = gradient };
            yield return new SphereFace2Options { Scale = 8, MarginType = SphereFace2Type.M, Margin = 1.7, Gradient = gradient };
        }
    }
}
