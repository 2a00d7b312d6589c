using Ablation.Harness;
using Ablation.Harness.Theory;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Losses;
using static TorchSharp.torch;

namespace Ablation.Tests.Theory;

/// <summary>The angles of a batch against loops over doubles, and the logits against the loss.</summary>
public sealed class AngleProbeTests
{
    private const int Classes = 7, Dimension = 5;

    [Test]
    public void Angles_and_the_share_of_nearest_own_proxies_use_the_first_64_samples()
    {
        using var scope = NewDisposeScope();
        using var loss = Build(new NptOptions());
        var (embeddings, labels) = Batch(80);
        using var probe = new AngleProbe(loss);
        Assert.That(probe.Take(), Is.Null, "no batch yet");
        probe.Measure(embeddings, labels);
        var angles = probe.Take()!;
        Assert.That(probe.Take(), Is.Null, "taking clears them");
        var (own, nearest) = (new double[64], new double[64]);
        for (var i = 0; i < 64; i++)
        {
            var cosines = Enumerable.Range(0, Classes).Select(j => Cosine(embeddings[i], loss.proxies[j])).ToList();
            var label = (int)labels[i].item<long>();
            own[i] = Math.Acos(cosines[label]) * 180 / Math.PI;
            nearest[i] = Math.Acos(cosines.Where((_, j) => j != label).Max()) * 180 / Math.PI;
        }

        var nearer = own.Zip(nearest).Count(pair => pair.First < pair.Second) / 64.0;
        Array.Sort(own);
        Array.Sort(nearest);
        Assert.Multiple(() =>
        {
            Assert.That(angles.Samples, Is.EqualTo(64));
            Assert.That(angles.NearestIsOwn, Is.EqualTo(nearer).And.InRange(0.02, 0.98));
            // 63 steps between 64 order statistics: 10 % is at 6.3, half at 31.5, 90 % at 56.7
            Assert.That(angles.Own.P10, Is.EqualTo(0.7 * own[6] + 0.3 * own[7]).Within(1e-3));
            Assert.That(angles.Own.P50, Is.EqualTo(0.5 * own[31] + 0.5 * own[32]).Within(1e-3));
            Assert.That(angles.Own.P90, Is.EqualTo(0.3 * own[56] + 0.7 * own[57]).Within(1e-3));
            Assert.That(angles.Own.Mean, Is.EqualTo(own.Average()).Within(1e-3));
            Assert.That(angles.Nearest.P50, Is.EqualTo(0.5 * nearest[31] + 0.5 * nearest[32]).Within(1e-3));
            Assert.That(angles.Nearest.P10, Is.LessThan(angles.Nearest.P90).And.LessThan(angles.Own.P10));
            Assert.That(angles.Gap, Is.Null, "a hinge equals its limit");
        });
    }

    [Test]
    public void A_proxy_at_equal_distance_does_not_count_as_farther()
    {
        using var scope = NewDisposeScope();
        using var loss = Build(new NptOptions());
        using (no_grad()) loss.proxies[3] = loss.proxies[2];
        using var probe = new AngleProbe(loss);
        probe.Measure(loss.proxies[2].detach().clone().unsqueeze(0), tensor(new long[] { 2 }));
        Assert.That(probe.Take()!.NearestIsOwn, Is.Zero);
    }

    [TestCase(0.35)]
    [TestCase(0)]
    public void The_gap_of_CosFace_is_its_loss_over_the_scale_less_the_hinge(double margin)
    {
        using var scope = NewDisposeScope();
        using var loss = Build(new CosFaceOptions { Scale = 8, CosineMargin = margin });
        var (embeddings, labels) = Batch(20);
        using var probe = new AngleProbe(loss);
        probe.Measure(embeddings, labels);
        var hinges = Enumerable.Range(0, 20).Average(i =>
        {
            var label = (int)labels[i].item<long>();
            var near = Enumerable.Range(0, Classes).Where(j => j != label).Max(j => Cosine(embeddings[i], loss.proxies[j]));
            return Math.Max(0, near - Cosine(embeddings[i], loss.proxies[label]) + margin);
        });
        var gap = probe.Take()!.Gap!;
        Assert.That(gap.Mean, Is.EqualTo(loss.forward(embeddings, labels).item<float>() / 8 - hinges)
            .Within(1e-5).And.InRange(0, gap.Bound));
        Assert.That(gap.Bound, Is.EqualTo(Math.Log(7) / 8).Within(1e-6));
    }

    [Test]
    public void The_gap_of_ProxyNca_excludes_the_target_identity()
    {
        using var scope = NewDisposeScope();
        using var loss = Build(new ProxyNcaOptions { Radius = 2 });
        var (embeddings, labels) = Batch(20);
        using var probe = new AngleProbe(loss);
        probe.Measure(embeddings, labels);
        var expected = Enumerable.Range(0, 20).Average(i =>
        {
            var others = Enumerable.Range(0, Classes).Where(j => j != labels[i].item<long>())
                .Select(j => 8 * Cosine(embeddings[i], loss.proxies[j])).ToList();
            return (Math.Log(others.Sum(Math.Exp)) - others.Max()) / 8;
        });
        var gap = probe.Take()!.Gap!;
        Assert.That(gap.Mean, Is.EqualTo(expected).Within(1e-5));
        Assert.That(gap.Bound, Is.EqualTo(Math.Log(6) / 8).Within(1e-6));
    }

    [Test]
    public void The_scale_of_a_loss_that_keeps_the_norm_is_the_norm_of_each_sample()
    {
        using var scope = NewDisposeScope();
        using var loss = Build(new SphereFaceOptions());
        var (embeddings, labels) = Batch(20);
        using var probe = new AngleProbe(loss);
        probe.Measure(embeddings, labels);
        Assert.That(probe.Take()!.Gap!.Bound, Is.EqualTo(Enumerable.Range(0, 20).Average(i => Math.Log(7) / Norm(embeddings[i])))
            .Within(1e-5));
    }

    [TestCaseSource(typeof(LossCases), nameof(LossCases.All))]
    public void Cross_entropy_of_the_logits_is_the_loss(LossOptions options)
    {
        using var scope = NewDisposeScope();
        using var loss = Build(options);
        var (embeddings, labels) = Batch(20);
        var (value, before) = (loss.forward(embeddings, labels).item<float>(), Hash(loss));
        var cosines = nn.functional.normalize(embeddings, dim: 1).matmul(nn.functional.normalize(loss.proxies, dim: 1).t()).clamp(-1, 1);
        var logits = loss.Logits(embeddings, loss.OfIdentities(cosines), labels);
        var kind = Category(options);
        Assert.That(logits is null, Is.EqualTo(kind is "hinge" or "pairwise logistic" or "squared error" or "proxy anchor"));
        Assert.That(Hash(loss), Is.EqualTo(before), "measuring does not count as a step");
        // terms of the loss outside its logits
        var weight = options is SphereFaceROptions { LossWeight: { } given } weighted ? given / weighted.Scale : 1;
        if (options is MagFaceOptions mag)
            value -= (float)embeddings.norm(1).data<float>().Average(norm => FormOracle.NormTerm(mag, norm));
        if (kind == "cross-entropy")
            Assert.That(nn.functional.cross_entropy(logits!.Values, labels).item<float>(), Is.EqualTo(value / weight).Within(1e-5));
    }

    [Test]
    public void NaN_angles_are_not_reported()
    {
        using var scope = NewDisposeScope();
        using var loss = Build(new NptOptions());
        var (embeddings, labels) = Batch(4);
        using var probe = new AngleProbe(loss);
        probe.Measure(full_like(embeddings, float.NaN), labels);
        Assert.That(probe.Take(), Is.Null);
    }

    private static string Category(LossOptions options) =>
        ((System.ComponentModel.CategoryAttribute)Attribute.GetCustomAttribute(options.GetType(),
            typeof(System.ComponentModel.CategoryAttribute))!).Category;

    private static string Hash(FaceLoss loss) => TrialWeights.Hash(loss.state_dict().Values);

    private static FaceLoss Build(LossOptions options)
    {
        var loss = options.Build(new LossShape(Classes, Dimension));
        using var generator = new Generator(4);
        loss.InitialiseProxies(generator);
        return loss;
    }

    private static (Tensor Embeddings, Tensor Labels) Batch(int count)
    {
        using var generator = new Generator(9);
        return (randn(count, Dimension, generator: generator) * 3, arange(count, ScalarType.Int64).remainder(Classes));
    }

    private static double Norm(Tensor row) => Math.Sqrt(row.detach().data<float>().Sum(value => (double)value * value));

    private static double Cosine(Tensor left, Tensor right) =>
        left.detach().data<float>().Zip(right.detach().data<float>())
        .Sum(pair => (double)pair.First * pair.Second) / Norm(left) / Norm(right);
}
