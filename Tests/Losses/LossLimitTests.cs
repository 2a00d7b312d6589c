using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The framework of arXiv 2103.03503: at a large scale the softmax losses become NPT. One test per row.</summary>
public sealed class LossLimitTests
{
    private const int Classes = 30;
    private static readonly int[] Seeds = [1, 2, 3, 4];

    [Test]
    public void CosFace_is_NPT_with_k_1_up_to_ln_C_over_s([ValueSource(nameof(Seeds))] int seed, [Values(16.0, 256.0)] double scale)
    {
        var gap = Value(new CosFaceOptions { Scale = scale, CosineMargin = 0.35 }, seed) / scale - Hinge(0.35, seed);
        Assert.That(gap, Is.InRange(0, Math.Log(Classes) / scale));
    }

    [Test]
    public void Normalised_softmax_is_NPT_without_margin([ValueSource(nameof(Seeds))] int seed, [Values(16.0, 256.0)] double scale)
    {
        var gap = Value(new NormalisedSoftmaxOptions { Scale = scale }, seed) / scale - Hinge(0, seed);
        Assert.That(gap, Is.InRange(0, Math.Log(Classes) / scale));
    }

    [Test]
    public void ArcFace_is_a_hinge_on_the_moved_angle([ValueSource(nameof(Seeds))] int seed)
    {
        const double Scale = 500;
        using var problem = Problem(new NptOptions(), seed);
        using var cosines = Cosines(problem);
        var own = cosines.gather(1, problem.Labels.unsqueeze(1));
        var near = cosines.scatter(1, problem.Labels.unsqueeze(1), full_like(own, -2)).amax([1], keepdim: true);
        var limit = (near - (own.acos() + 0.5).cos()).relu().mean().item<double>();
        var value = Value(new ArcFaceOptions { Scale = Scale, Overflow = MarginOverflow.None }, seed) / Scale;
        Assert.That(value - limit, Is.InRange(0, Math.Log(Classes) / Scale));
    }

    [Test]
    public void Proxy_NCA_has_the_gradients_of_an_NPT_without_hinge([ValueSource(nameof(Seeds))] int seed)
    {
        const double Radius = 60;
        using var nca = Problem(new ProxyNcaOptions { Radius = Radius }, seed);
        using var npt = Problem(new NptOptions { Radius = Radius, Delta = 4.1 * Radius * Radius }, seed);
        nca.Loss.forward(nca.Embeddings, nca.Labels).backward();
        npt.Loss.forward(npt.Embeddings, npt.Labels).backward();
        Assert.That(nca.Embeddings.grad!.allclose(npt.Embeddings.grad!, 1e-4, 1e-2 * Radius));
        Assert.That(nca.Embeddings.grad!.abs().max().item<double>(), Is.GreaterThan(Radius));
    }

    [Test]
    public void Proxy_triplet_is_NPT_with_all_negatives([ValueSource(nameof(Seeds))] int seed) =>
        Assert.That(Value(new ProxyTripletOptions { CosineMargin = 0.4 }, seed),
            Is.EqualTo(Value(new NptOptions { K = NegativeCount.All, CosineMargin = 0.4 }, seed)).Within(1e-12));

    [Test]
    public void Below_a_loss_of_Delta_a_sample_is_nearest_to_its_own_proxy([ValueSource(nameof(Seeds))] int seed)
    {
        for (var row = 0; row < 40; row++)
        {
            using var problem = new LossProblem(new NptOptions(), 1, 3, 3, seed * 100 + row);
            if (problem.Value() >= 1) continue; // Delta = 2 r^2 * 0.5 = 1
            using var cosines = Cosines(problem);
            Assert.That(cosines.argmax(1).item<long>(), Is.EqualTo(problem.Labels.item<long>()), "Property 1");
        }
    }

    private static LossProblem Problem(LossOptions options, int seed) => new(options, 12, Classes, 6, seed);

    private static double Value(LossOptions options, int seed)
    {
        using var problem = Problem(options, seed);
        return problem.Value();
    }

    /// <summary>max(0, c_near - c_y + m), the mean over the batch.</summary>
    private static double Hinge(double margin, int seed) => Value(new NptOptions { CosineMargin = margin }, seed) / 2;

    private static Tensor Cosines(LossProblem problem) =>
        nn.functional.normalize(problem.Embeddings, dim: 1).matmul(nn.functional.normalize(problem.Loss.proxies, dim: 1).t()).detach();
}
