using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The value equals the papers' equations, the gradient finite differences, both in float64.</summary>
[Parallelizable]
public sealed class LossMathematicsTests
{
    private static readonly (int Batch, int Classes, int Dimension)[] Shapes = [(1, 2, 2), (5, 9, 4), (16, 40, 8)];

    [TestCaseSource(typeof(LossCases), nameof(LossCases.All))]
    public void Value_equals_the_equation_sample_by_sample(LossOptions options)
    {
        foreach (var (batch, classes, dimension) in Shapes)
        {
            if (options.Problems(new LossShape(classes, dimension)).Any()) continue; // k does not fit
            for (var seed = 0; seed < 5; seed++)
            {
                using var problem = new LossProblem(options, batch, classes, dimension, seed);
                var expected = problem.Oracle(options);
                Assert.That(problem.Value(), Is.EqualTo(expected)
                    .Within(1e-10 * Math.Max(1, Math.Abs(expected))), $"{batch}x{classes}x{dimension}, seed {seed}");
            }
        }
    }

    [TestCaseSource(typeof(LossCases), nameof(LossCases.Exact))]
    public void Gradient_equals_finite_differences(LossOptions options)
    {
        const double Step = 1e-6;
        for (var seed = 0; seed < 3; seed++)
        {
            using var problem = new LossProblem(options, 4, 9, 5, seed);
            problem.Restart();
            problem.Loss.forward(problem.Embeddings, problem.Labels).backward();
            foreach (var input in problem.Loss.parameters().Append(problem.Embeddings))
            {
                var gradient = input.grad!.data<double>().ToArray();
                using var values = input.detach();
                var flat = values.view(-1);
                for (var i = 0; i < gradient.Length; i++)
                {
                    var at = flat[i].item<double>();
                    flat[i] = at + Step;
                    var above = problem.Value();
                    flat[i] = at - Step;
                    var below = problem.Value();
                    flat[i] = at;
                    Assert.That(gradient[i], Is.EqualTo((above - below) / (2 * Step)).Within(2e-7), $"entry {i}, seed {seed}");
                }
            }
        }
    }

    [Test]
    public void Detached_margin_pulls_the_target_logit_as_a_softmax_would()
    {
        var options = new ArcFaceOptions { Scale = 8, Gradient = MarginGradient.Detached };
        using var problem = new LossProblem(options, 4, 6, 5, seed: 1);
        problem.Loss.forward(problem.Embeddings, problem.Labels).backward();
        var actual = problem.Embeddings.grad!.clone();

        // by hand: p from the logits with margin; then s (p - onehot) through plain cosines
        using var x = problem.Embeddings.detach().requires_grad_();
        var cosines = nn.functional.normalize(x, dim: 1).matmul(nn.functional.normalize(problem.Loss.proxies.detach(), dim: 1).t());
        var onehot = nn.functional.one_hot(problem.Labels, 6).to(ScalarType.Float64);
        var moved = (cosines.detach().acos() + 0.5).cos();
        var logits = 8 * (onehot * moved + (1 - onehot) * cosines.detach());
        (cosines * (8 * (logits.softmax(1) - onehot))).sum().div(4).backward();
        Assert.That(actual.allclose(x.grad!, 1e-9, 1e-12));
    }

    [Test]
    public void Detached_and_exact_margins_agree_in_value_and_differ_in_gradient()
    {
        using var exact = new LossProblem(new ArcFaceOptions { Scale = 8 }, 4, 6, 5, seed: 1);
        using var detached = new LossProblem(new ArcFaceOptions { Scale = 8, Gradient = MarginGradient.Detached }, 4, 6, 5, seed: 1);
        Assert.That(exact.Value(), Is.EqualTo(detached.Value()));
        exact.Loss.forward(exact.Embeddings, exact.Labels).backward();
        detached.Loss.forward(detached.Embeddings, detached.Labels).backward();
        Assert.That(exact.Embeddings.grad!.allclose(detached.Embeddings.grad!, 1e-3, 1e-6), Is.False);
    }

    [Test]
    public void Of_equal_negatives_NPT_takes_the_lowest_index([Values(1, 2)] int k)
    {
        using var loss = (FaceLoss)new NptOptions { K = k }.Build(new LossShape(5, 2)).to(ScalarType.Float64);
        using (no_grad())
            loss.proxies.copy_(tensor(new double[] { 1, 0, 0, 1, 0, 1, 0, 1, -1, 0 }).view(5, 2)); // 1, 2 and 3 are the same
        loss.forward(tensor(new[] { 1.0, 0.9 }).view(1, 2), tensor(new long[] { 0 })).backward();
        var touched = loss.proxies.grad!.abs().sum(1).data<double>().ToArray().Select(g => g > 0).ToArray();
        Assert.That(touched, Is.EqualTo(new[] { true, true, k > 1, false, false }));
    }

    [Test]
    public void NPT_has_no_gradient_at_and_beyond_the_kink()
    {
        using var loss = (FaceLoss)new NptOptions { CosineMargin = 1 }.Build(new LossShape(2, 2)).to(ScalarType.Float64);
        using (no_grad()) loss.proxies.copy_(tensor(new double[] { 1, 0, 0, 1 }).view(2, 2)); // cosines 1 and 0: hinge at exactly 0
        using var x = tensor(new[] { 1.0, 0 }).view(1, 2).requires_grad_();
        using var value = loss.forward(x, tensor(new long[] { 0 }));
        value.backward();
        Assert.That(value.item<double>(), Is.Zero);
        Assert.That(loss.proxies.grad!.abs().max().item<double>(), Is.Zero);
    }

    [Test]
    public void NPT_starts_at_the_theoretical_value()
    {
        // the largest of C random cosines is about sqrt(2 ln C / D): 2 (0.19 + 0.5) = 1.38 for these sizes
        using var generator = new Generator(3);
        using var loss = new NptOptions().Build(new LossShape(10572, 512));
        loss.InitialiseProxies(generator);
        using var value = loss.forward(randn(64, 512, generator: generator),
            randint(0, 10572, [64], ScalarType.Int64, generator: generator));
        Assert.That(value.item<float>(), Is.EqualTo(1.38).Within(0.05));
    }
}
