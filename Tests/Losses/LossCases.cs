using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Tests.Losses;

/// <summary>Every loss in every mode of its options, for the oracle and finite-difference tests.</summary>
public static class LossCases
{
    public static IEnumerable<LossOptions> All()
    {
        yield return new SoftmaxOptions();
        yield return new NormalisedSoftmaxOptions { Scale = 8 };
        yield return new CosFaceOptions { Scale = 8, CosineMargin = 0.35 };
        foreach (var overflow in Enum.GetValues<MarginOverflow>())
        {
            yield return new ArcFaceOptions { Scale = 8, MarginRadians = 0.5, Overflow = overflow };
            yield return new ArcFaceOptions { Scale = 8, MarginRadians = 1.9, Overflow = overflow }; // large, so that angles pass pi often
        }

        yield return new ArcFaceOptions { Scale = 8, Gradient = MarginGradient.Detached };
        yield return new SphereFaceOptions { LambdaBase = 10 };
        yield return new SphereFaceOptions { LambdaBase = 20, LambdaPower = 2.5 };
        yield return new SphereFaceOptions { LambdaBase = 2 }; // lambda is at its minimum
        yield return new SphereFaceOptions { Margin = 1.35, LambdaBase = 0, LambdaMinimum = 0 };
        yield return new SphereFaceOptions { Margin = 4, LambdaBase = 0, LambdaMinimum = 0 };
        foreach (var version in Enum.GetValues<SphereFaceRVersion>())
        {
            yield return new SphereFaceROptions { Scale = 8, Margin = 1.7, Version = version };
            yield return new SphereFaceROptions { Scale = 8, Margin = 1.7, Version = version, LossWeight = 50 };
            yield return new SphereFaceROptions
            {
                Scale = 8,
                Margin = 1.7,
                Version = version,
                LossWeight = 50,
                Gradient = MarginGradient.Detached
            };
        }

        yield return new CombinedMarginOptions { Scale = 8 };
        yield return new CombinedMarginOptions { Scale = 8, AngleFactor = 1.3, MarginRadians = 0.4, CosineMargin = 0.1 };
        foreach (var k in new[] { 1, 2, 6, NegativeCount.All })
            yield return new NptOptions { K = k, CosineMargin = 0.5 };
        yield return new NptOptions { K = 2, Delta = 3, Radius = 1.5 };
        yield return new ProxyTripletOptions { CosineMargin = 0.3, Radius = 1.2 };
        yield return new ProxyNcaOptions { Radius = 2 };
        yield return new SubCenterArcFaceOptions { Scale = 8 };
        yield return new SubCenterArcFaceOptions { Scale = 8, Centers = 2, AngleFactor = 1.2, MarginRadians = 0.2, CosineMargin = 0.1 };
        yield return new SubCenterArcFaceOptions { Scale = 8, Centers = 1 }; // ArcFace, held at pi
        foreach (var options in PairwiseCases.All()) yield return options;
        yield return new CurricularFaceOptions { Scale = 8, Momentum = 0 }; // otherwise t depends on the batch: LossMathematicsTests
        yield return new CurricularFaceOptions { Scale = 8, MarginRadians = 1.2, Momentum = 0 };
        foreach (var options in FormCases.All()) yield return options;
    }

    public static IEnumerable<LossOptions> Exact() => All().Where(options =>
        options is not (ArcFaceOptions { Gradient: MarginGradient.Detached } or SphereFaceROptions { Gradient: MarginGradient.Detached }
            or SphereFace2Options { Gradient: MarginGradient.Detached }) && !FormCases.HoldsSomething(options));

    /// <summary>Returns whether a kernel can compute the loss and be compared with the straight formulation.</summary>
    public static bool HasKernel(LossOptions options)
    {
        using var loss = options.Build(new LossShape(1024, 2)); // at least every k here; a kernel's existence depends on no shape
        return loss.HasKernel;
    }

    /// <summary>Every loss found by reflection, with its default options.</summary>
    public static IEnumerable<LossOptions> Found() =>
        Catalog.RecordsOf<LossOptions>().Values.Select(type => (LossOptions)Activator.CreateInstance(type)!);

    /// <summary>
    /// The same with scales of at most 16: trained with 64 or 256, the last digit of a float32, in which two ways of adding differ from
    /// processor to processor, grows beyond what weights are compared by.
    /// </summary>
    public static IEnumerable<LossOptions> FoundWithSmallScales()
    {
        foreach (var options in Found())
        {
            if (options.GetType().GetProperty("Scale") is { } scale && scale.GetValue(options) is > 16.0) scale.SetValue(options, 16.0);
            yield return options;
        }
    }
}
