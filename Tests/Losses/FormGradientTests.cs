using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>
/// Gradients of losses in which something takes none: finite differences of the equation with that held, for the straight formulation and
/// the kernels. And every loss at norms that no training should have.
/// </summary>
[Parallelizable]
public sealed class FormGradientTests
{
    private const int Classes = 9, Dimension = 4, Batch = 5;

    private static readonly HeadOptions[] Heads =
    [
        new() { Implementation = HeadImplementation.Straight },
        new() { Implementation = HeadImplementation.Stored },
        new() { Implementation = HeadImplementation.Tiled },
    ];

    private static IEnumerable<LossOptions> Held() => FormCases.All().Where(FormCases.HoldsSomething);

    [TestCaseSource(nameof(Held))]
    public void The_gradient_is_that_of_the_equation_with_the_rest_held(LossOptions options)
    {
        const double Step = 1e-6;
        foreach (var head in Heads)
            for (var seed = 0; seed < 3; seed++)
            {
                using var problem = new LossProblem(options, Batch, Classes, Dimension, seed);
                problem.Loss.Configure(head);
                using (var pass = problem.Loss.Begin(problem.Embeddings, problem.Labels)) pass.Backward();
                problem.Loss.Gradient.Densify();
                var (x, w) = (Rows(problem.Embeddings), Rows(problem.Loss.proxies));
                var held = x.Select(row => Sample(row, w)).ToArray();
                Check(problem.Embeddings.grad!, x, "embedding");
                Check(problem.Loss.proxies.grad!, w, "proxy");

                void Check(Tensor gradient, double[][] rows, string what)
                {
                    var actual = gradient.data<double>().ToArray();
                    for (var i = 0; i < actual.Length; i++)
                    {
                        var (row, column) = (rows[i / Dimension], i % Dimension);
                        var at = row[column];
                        row[column] = at + Step;
                        var above = Value();
                        row[column] = at - Step;
                        var below = Value();
                        row[column] = at;
                        Assert.That(actual[i], Is.EqualTo((above - below) / (2 * Step)).Within(2e-7), $"{what}, entry {i}, {head}");
                    }
                }

                double Value() => x.Select((row, i) =>
                    FormOracle.Sample(options, Sample(row, w), (int)problem.Labels[i].item<long>(), i, held[i])).Average();
            }
    }

    [Test]
    public void The_norm_gets_a_gradient_from_MagFace_within_its_range_and_from_AdaFace_never()
    {
        foreach (var head in Heads)
        {
            Assert.That(AlongNorm(new MagFaceOptions(), 40, head), Is.Not.EqualTo(0).Within(1e-6), "within");
            foreach (var norm in new[] { 0.5, 9.99, 110.01, 1000 })
                Assert.That(AlongNorm(new MagFaceOptions(), norm, head), Is.EqualTo(0).Within(1e-12), $"MagFace at {norm}");
            foreach (var variant in Enum.GetValues<AdaFaceVariant>())
                Assert.That(AlongNorm(new AdaFaceOptions { Variant = variant }, 40, head), Is.EqualTo(0).Within(1e-12), "AdaFace");
        }

        // the margin alone wants smaller norms, the regulariser alone larger ones up to u_a
        Assert.That(AlongNorm(new MagFaceOptions { Regulariser = 0 }, 40, Heads[1]), Is.Positive);
        Assert.That(AlongNorm(new MagFaceOptions { MarginMaximum = 0.45 }, 40, Heads[1]), Is.Negative);
    }

    [TestCaseSource(typeof(LossCases), nameof(LossCases.Found))]
    public void Value_and_gradient_are_finite_at_any_norm(LossOptions options)
    {
        foreach (var head in Heads.Append(new HeadOptions { Implementation = HeadImplementation.Stored, Kernel = HeadKernel.Libtorch }))
            foreach (var norm in new[] { 0f, 1e-6f, 1, 1000 })
                foreach (var target in new[] { -1f, 0, 1 })
                {
                    using var loss = options.Build(new LossShape(7, 2));
                    if (head.Implementation != HeadImplementation.Straight && !loss.HasKernel) continue;
                    loss.Configure(head);
                    using (no_grad())
                    {
                        loss.proxies.fill_(0.5);
                        loss.proxies[0] = tensor(new[] { target, MathF.Sqrt(1 - target * target) });
                        loss.proxies[1] = tensor(new float[] { 1, 0 });
                        loss.proxies[2] = tensor(new float[] { -1, 0 });
                    }

                    for (var step = 0; step < 2; step++) // the second uses what the first has moved
                    {
                        loss.Gradient.Clear();
                        using var x = tensor(new[] { norm, 0 }).view(1, 2).expand(2, 2).contiguous().requires_grad_();
                        using var pass = loss.Begin(x, tensor(new long[] { 0, 0 }));
                        pass.Backward();
                        loss.Gradient.Densify();
                        Assert.That(float.IsFinite(pass.Value.item<float>()), $"value at norm {norm}, cosine {target}, {head}");
                        Assert.That(x.grad!.isfinite().all().item<bool>(), $"embedding at norm {norm}, cosine {target}, {head}");
                        Assert.That(loss.proxies.grad!.isfinite().all().item<bool>(), $"proxies at norm {norm}, cosine {target}, {head}");
                    }
                }
    }

    /// <summary>The gradient along an embedding of a norm, at a cosine of 0.6 with its own proxy.</summary>
    private static double AlongNorm(LossOptions options, double norm, HeadOptions head)
    {
        using var scope = NewDisposeScope();
        using var loss = (FaceLoss)options.Build(new LossShape(3, 2)).to(ScalarType.Float64);
        using (no_grad()) loss.proxies.copy_(tensor(new[] { 0.6, 0.8, 0.7, -Math.Sqrt(0.51), -1, 0 }).view(3, 2));
        loss.Configure(head);
        var x = tensor(new[] { norm, 0.0 }).view(1, 2).requires_grad_();
        using var pass = loss.Begin(x, tensor(new long[] { 0 }));
        pass.Backward();
        return x.grad![0, 0].item<double>();
    }

    private static FormSample Sample(double[] x, double[][] proxies) =>
        new(proxies.Select(proxy => LossOracle.Cosine(x, proxy)).ToArray(), Math.Sqrt(x.Sum(v => v * v)));

    private static double[][] Rows(Tensor matrix) => matrix.detach().data<double>().ToArray().Chunk(Dimension).ToArray();
}
