using Ablation.Losses;

namespace Ablation.Tests.Losses;

/// <summary>The losses whose target depends on the norm, on draws or on the others, in every mode. Norms in the tests are 1 to 5.</summary>
public static class FormCases
{
    public static IEnumerable<LossOptions> All()
    {
        foreach (var variant in Enum.GetValues<AdaFaceVariant>())
        {
            // momentum 0: otherwise mean and deviation move with the batch; numbers that a float32 represents
            yield return new AdaFaceOptions
            {
                Scale = 8,
                StartMean = 2.5,
                StartDeviation = 0.375,
                Momentum = 0,
                Variant = variant,
            };
            yield return new AdaFaceOptions { Scale = 8, Margin = 1.2, Concentration = -2, StartMean = 2, Momentum = 0, Variant = variant };
        }

        foreach (var easy in new[] { true, false })
        {
            yield return new MagFaceOptions
            {
                Scale = 8,
                NormMinimum = 1.5,
                NormMaximum = 3,
                MarginMinimum = 0.3,
                MarginMaximum = 1.9,
                Regulariser = 2,
                EasyMargin = easy,
            };
            foreach (var margin in Enum.GetValues<MvMargin>())
                yield return new MvSoftmaxOptions { Scale = 8, Margin = margin, HardWeight = 0.3, EasyMargin = easy };
        }

        yield return new CircleOptions { Scale = 8 };
        yield return new CircleOptions { Scale = 16, Margin = 0.6 };
        foreach (var margin in Enum.GetValues<ElasticMargin>())
            yield return new ElasticFaceOptions { Scale = 8, Margin = margin, Deviation = 0.3 };
        yield return new ElasticFaceOptions { Scale = 8, MeanMargin = 0.7, Deviation = 0 };
        yield return new AdaCosOptions { Scale = AdaCosScale.Fixed }; // otherwise it moves with the batch
        yield return new NpcFaceOptions { Scale = 8, MarginSlope = 1.5 };
        yield return new NpcFaceOptions { Scale = 8, HardRadians = 1.2, MarginSlope = 0, HardFactor = 1.5, HardOffset = 0.4 };
    }

    /// <summary>Whether a part of the value takes no gradient, so that the gradient is not that of the value.</summary>
    public static bool HoldsSomething(LossOptions options) =>
        options is AdaFaceOptions or CircleOptions or NpcFaceOptions { MarginSlope: > 0 };
}
