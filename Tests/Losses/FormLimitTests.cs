using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>Where losses that know more than the cosine coincide with those that do not; and ElasticFace's draws.</summary>
[Parallelizable]
public sealed class FormLimitTests
{
    private static IEnumerable<TestCaseData> Pairs()
    {
        var (never, always) = (1000.0, 1e-3); // deviations from the mean: norms are below 1000, and above 0.001
        yield return Case("AdaFace of the worst quality is ArcFace",
            new AdaFaceOptions { Scale = 8, Margin = 0.5, Concentration = 1, StartMean = never, StartDeviation = 1, Momentum = 0 },
            new ArcFaceOptions { Scale = 8, MarginRadians = 0.5, Overflow = MarginOverflow.Clamp });
        yield return Case("AdaFace without concentration is CosFace", new AdaFaceOptions { Scale = 8, Concentration = 0 },
            new CosFaceOptions { Scale = 8, CosineMargin = 0.4 });
        yield return Case("AdaFace of the best quality, against the order of the norms, is ArcFace",
            new AdaFaceOptions { Scale = 8, Margin = 0.5, Concentration = -1000, StartMean = always, StartDeviation = 0, Momentum = 0 },
            new ArcFaceOptions { Scale = 8, MarginRadians = 0.5, Overflow = MarginOverflow.Clamp });
        yield return Case("CVLface's AdaFace of the worst quality is the detached ArcFace",
            new AdaFaceOptions
            {
                Scale = 8,
                Margin = 0.5,
                Concentration = 1,
                StartMean = never,
                StartDeviation = 1,
                Variant = AdaFaceVariant.Cvlface,
            },
            new ArcFaceOptions { Scale = 8, MarginRadians = 0.5, Overflow = MarginOverflow.None, Gradient = MarginGradient.Detached });
        foreach (var easy in new[] { true, false })
        {
            yield return Case($"MagFace of one margin is ArcFace, easy {easy}",
                new MagFaceOptions { Scale = 8, MarginMinimum = 0.5, MarginMaximum = 0.5, Regulariser = 0, EasyMargin = easy },
                new ArcFaceOptions { Scale = 8, Overflow = easy ? MarginOverflow.Easy : MarginOverflow.Monotone });
            yield return Case($"MV-Softmax without weight is ArcFace, easy {easy}",
                new MvSoftmaxOptions { Scale = 8, Margin = MvMargin.Arc, MarginSize = 0.5, HardWeight = 0, EasyMargin = easy },
                new ArcFaceOptions { Scale = 8, Overflow = easy ? MarginOverflow.Easy : MarginOverflow.None });
        }

        yield return Case("MV-Softmax without weight is CosFace",
            new MvSoftmaxOptions { Scale = 8, HardWeight = 0, EasyMargin = false }, new CosFaceOptions { Scale = 8 });
        yield return Case("ElasticFace-Arc without deviation is ArcFace", new ElasticFaceOptions { Scale = 8, Deviation = 0 },
            new ArcFaceOptions { Scale = 8, Overflow = MarginOverflow.None });
        yield return Case("ElasticFace-Cos without deviation is CosFace",
            new ElasticFaceOptions { Scale = 8, Margin = ElasticMargin.Cos, Deviation = 0 }, new CosFaceOptions { Scale = 8 });
        yield return Case("AdaCos starts as a softmax over cosines", new AdaCosOptions(),
            new NormalisedSoftmaxOptions { Scale = (float)(Math.Sqrt(2) * Math.Log(8)) });
        yield return Case("NPCFace without a slope, of MV-Softmax's line, is MV-Softmax",
            new NpcFaceOptions { Scale = 8, HardRadians = 0.5, MarginRadians = 0.5, MarginSlope = 0, HardFactor = 1.3, HardOffset = 0.3 },
            new MvSoftmaxOptions { Scale = 8, Margin = MvMargin.Arc, MarginSize = 0.5, HardWeight = 0.3 });

        static TestCaseData Case(string name, LossOptions one, LossOptions other) => new TestCaseData(one, other).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Pairs))]
    public void Two_losses_coincide(LossOptions one, LossOptions other)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var ((value, gradient), (expected, expectedGradient)) = (Run(one, seed), Run(other, seed));
            // AdaFace holds the moved angle 0.001 from pi, ArcFace at pi
            Assert.That(value, Is.EqualTo(expected).Within(one is AdaFaceOptions ? 1e-5 : 1e-12));
            Assert.That(gradient, Is.EqualTo(expectedGradient).Within(one is AdaFaceOptions ? 1e-3 : 1e-12));
        }
    }

    [TestCase(ElasticPlus.Rank)]
    [TestCase(ElasticPlus.Published)]
    public void Margins_are_handed_out_by_rank_or_as_the_published_code_does(ElasticPlus plus)
    {
        const double Deviation = 0.2;
        using var problem = new LossProblem(
            new ElasticFaceOptions { Scale = 8, Margin = ElasticMargin.Cos, Deviation = Deviation, Plus = plus }, 8, 9, 6, seed: 2);
        var cosines = nn.functional.normalize(problem.Embeddings).matmul(nn.functional.normalize(problem.Loss.proxies).t()).detach();
        var labels = problem.Labels.data<long>().ToArray();
        var own = labels.Select((label, i) => cosines[i, label].item<double>()).ToArray();
        var rising = Enumerable.Range(0, 8).Select(i => 0.35 + Deviation * FormOracle.ElasticDraw(0, i)).Order().ToArray();
        var falling = Enumerable.Range(0, 8).OrderByDescending(i => own[i]).ToArray();
        var expected = Enumerable.Range(0, 8).Average(i =>
        {
            var margin = plus == ElasticPlus.Rank ? rising[Array.IndexOf(falling, i)] : rising[falling[i]];
            var logits = Enumerable.Range(0, 9)
                .Select(j => 8 * (j == labels[i] ? own[i] - margin : cosines[i, j].item<double>())).ToArray();
            return Math.Log(logits.Sum(Math.Exp)) - logits[labels[i]];
        });
        Assert.That(problem.Value(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Draws_are_standard_normal_and_differ_by_seed_and_image()
    {
        using var first = zeros(1, ScalarType.Int64);
        var draws = new DrawStream(3).Normal(first, 100_000, ScalarType.Float64);
        Assert.That(draws.mean().item<double>(), Is.EqualTo(0).Within(0.01));
        Assert.That(draws.std().item<double>(), Is.EqualTo(1).Within(0.01));
        Assert.That(draws.abs().gt(1.959964).to(ScalarType.Float64).mean().item<double>(), Is.EqualTo(0.05).Within(0.003));
        Assert.That(draws.pow(4).mean().item<double>(), Is.EqualTo(3).Within(0.15));
        foreach (var seed in new[] { 4L, 3L << 32, -3L })
            Assert.That(Correlation(draws, new DrawStream(seed).Normal(first, 100_000, ScalarType.Float64)), Is.EqualTo(0).Within(0.015));
        foreach (var lag in new[] { 1, 2, 128, 512 })
            Assert.That(Correlation(draws[lag..], draws[..^lag]), Is.EqualTo(0).Within(0.015), $"lag {lag}");
        using var later = full(1, 70_000L, ScalarType.Int64);
        Assert.That(new DrawStream(3).Normal(later, 5, ScalarType.Float64).eq(draws.narrow(0, 70_000, 5)).all().item<bool>());
        using var far = full(1, (5L << 32) + 9, ScalarType.Int64);
        Assert.That(new DrawStream(3 ^ 0x456C6173746963).Normal(far, 3, ScalarType.Float64).data<double>().ToArray(),
            Is.EqualTo(Enumerable.Range(9, 3).Select(i => FormOracle.ElasticDraw(3, (5L << 32) + i))).Within(1e-12), "beyond 32 bits");
        Assert.That(new DrawStream(3).Normal(first, 100_000, ScalarType.Float32).isfinite().all().item<bool>());

        static double Correlation(Tensor one, Tensor other) => (one * other).mean().item<double>();
    }

    [Test]
    public void Outside_a_training_ElasticFace_has_its_mean_margin()
    {
        using var elastic = new LossProblem(new ElasticFaceOptions { Scale = 8, Deviation = 0.3 }, 8, 9, 6, seed: 2);
        using var still = new LossProblem(new ElasticFaceOptions { Scale = 8, Deviation = 0 }, 8, 9, 6, seed: 2);
        Assert.That(elastic.Value(), Is.Not.EqualTo(still.Value()).Within(1e-3));
        elastic.Loss.eval();
        Assert.That(elastic.Value(), Is.EqualTo(still.Value()));
    }

    private static (double Value, double[] Gradient) Run(LossOptions options, int seed)
    {
        using var problem = new LossProblem(options, 12, 9, 6, seed);
        problem.Loss.Configure(new HeadOptions { LogitMegabytes = 0 });
        using var pass = problem.Loss.Begin(problem.Embeddings, problem.Labels);
        pass.Backward();
        return (pass.Value.item<double>(), problem.Embeddings.grad!.data<double>().ToArray());
    }
}
