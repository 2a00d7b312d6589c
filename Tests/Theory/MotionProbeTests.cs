using Ablation.Harness.Networks;
using Ablation.Harness.Theory;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Training.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Theory;

/// <summary>What a step does to the proxies, against loops over doubles.</summary>
public sealed class MotionProbeTests
{
    private const int Classes = 30, Dimension = 5, Batch = 6;
    private Backbone backbone = null!;

    [OneTimeSetUp]
    public void Build_the_network() => backbone = new SmallOptions { EmbeddingDimension = Dimension }.Build(16);

    [OneTimeTearDown]
    public void Dispose_of_the_network() => backbone.Dispose();

    [Test]
    public void The_turn_is_the_angle_between_the_directions_times_the_steps_of_an_epoch()
    {
        using var scope = NewDisposeScope();
        using var loss = WithGradient(new NptOptions());
        using var probe = new MotionProbe(backbone, loss);
        probe.AfterStep();
        Assert.That(probe.Take(10), Is.Null, "no step was measured");
        var before = Rows(loss.proxies);
        probe.BeforeStep();
        using (var grad = no_grad())
        {
            loss.proxies.mul_(3); // a length is no turn
            loss.proxies.add_(randn(Classes, Dimension, generator: new Generator(3)) * 0.001);
        }

        probe.AfterStep();
        var motion = probe.Take(10)!;
        Assert.That(probe.Take(10), Is.Null, "taking clears it");
        var angles = before.Zip(Rows(loss.proxies)).Select(pair => Math.Acos(Dot(pair.First, pair.Second)
            / Math.Sqrt(Dot(pair.First, pair.First) * Dot(pair.Second, pair.Second))) * 180 / Math.PI);
        Assert.That(motion.DegreesPerEpoch, Is.EqualTo(10 * angles.Average()).Within(0.1).Percent);
    }

    [TestCase(1, HeadImplementation.Auto)]
    [TestCase(2, HeadImplementation.Tiled)]
    [TestCase(29, HeadImplementation.Auto)]
    [TestCase(3, HeadImplementation.Straight)]
    public void The_shares_are_those_of_the_norms_of_the_gradient(int k, HeadImplementation implementation)
    {
        using var scope = NewDisposeScope();
        using var loss = WithGradient(new NptOptions { K = k, CosineMargin = 0.1 }, implementation);
        using var probe = new MotionProbe(backbone, loss);
        probe.BeforeStep();
        probe.AfterStep();
        var motion = probe.Take(1)!;
        loss.Gradient.Densify();
        var norms = Rows(loss.proxies.grad!).Select(row => Math.Sqrt(Dot(row, row))).ToList();
        Assert.That(motion.DegreesPerEpoch, Is.Zero);
        Assert.That(motion.Touched, Is.EqualTo(norms.Count(norm => norm > 0) / (double)Classes).Within(1e-6));
        Assert.That(motion.Effective, Is.EqualTo(norms.Sum() * norms.Sum() / (Classes * norms.Sum(norm => norm * norm))).Within(1e-5));
        Assert.That(motion.Effective, Is.LessThanOrEqualTo(motion.Touched + 1e-6));
        if (k == 1) Assert.That(motion.Touched, Is.LessThan(1), "six samples do not reach thirty proxies");
    }

    [Test]
    public void Of_many_proxies_each_third_is_followed()
    {
        using var scope = NewDisposeScope();
        using var loss = new NptOptions().Build(new LossShape(2500, 3));
        using var grad = no_grad();
        loss.proxies.copy_(ones(2500, 3));
        using var probe = new MotionProbe(backbone, loss);
        probe.BeforeStep();
        for (var i = 0; i < 2500; i += 3) loss.proxies[i] = tensor(new float[] { 1, 1, -2 }); // at right angles to what it was
        probe.AfterStep();
        Assert.That(probe.Take(1)!.DegreesPerEpoch, Is.EqualTo(90).Within(1e-3), "they are the 1st, the 4th and so on");
    }

    [Test]
    public void Rows_beside_a_dense_gradient_are_added_to_it()
    {
        using var scope = NewDisposeScope();
        using var loss = WithGradient(new NptOptions());
        loss.Gradient.Densify();
        var row = tensor(new float[] { 3, 4, 0, 0, 0 });
        loss.Gradient.Add(new SparseRows(tensor(new long[] { 2, 2 }), stack([row, row])));
        var norms = loss.Gradient.Norms().data<float>().ToArray();
        loss.Gradient.Densify();
        Assert.That(norms, Is.EqualTo(loss.proxies.grad!.norm(1).data<float>().ToArray()).Within(1e-5));
        Assert.That(loss.proxies.grad!.norm(1)[2].item<float>(), Is.GreaterThan(5));
    }

    [Test]
    public void The_share_of_the_bias_is_that_of_the_last_batch_normalisation()
    {
        using var scope = NewDisposeScope();
        using var loss = WithGradient(new NptOptions());
        var last = backbone.modules().OfType<BatchNorm1d>().Last();
        using (no_grad())
        {
            last.weight!.copy_(tensor(new float[] { 1, 2, 0, 0, 2 }));
            last.bias!.copy_(tensor(new float[] { 0, -1, 0, 1, 1 }));
        }

        using var probe = new MotionProbe(backbone, loss);
        probe.BeforeStep();
        probe.AfterStep();
        Assert.That(probe.Take(1)!.BiasShare, Is.EqualTo(3.0 / 12).Within(1e-6));
    }

    [Test]
    public void Every_log_point_that_measures_angles_has_the_motion_of_its_step()
    {
        var history = new Attempts(new NptOptions { K = 2 }, Attempts.Training).Run().History;
        Assert.That(history.Select(point => point.Motion is null), Is.EqualTo(history.Select(point => point.Angles is null)));
        var motions = history.Select(point => point.Motion).OfType<ProxyMotion>().ToList();
        Assert.That(motions, Is.Not.Empty);
        foreach (var motion in motions)
        {
            Assert.That(motion.DegreesPerEpoch, Is.GreaterThan(0));
            Assert.That(motion.Effective, Is.GreaterThan(0).And.LessThanOrEqualTo(motion.Touched + 1e-6));
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Active_hinges_are_those_of_the_loss(int k)
    {
        using var scope = NewDisposeScope();
        using var loss = WithGradient(new NptOptions { K = k, CosineMargin = 0.2 });
        var (embeddings, labels) = Samples();
        using var probe = new AngleProbe(loss);
        probe.Measure(embeddings, labels);
        var hinges = probe.Take()!.Hinges!;
        var unit = nn.functional.normalize(embeddings, dim: 1).matmul(nn.functional.normalize(loss.proxies, dim: 1).t());
        var cosines = Rows(unit);
        var active = cosines.Select((row, i) => row.Where((_, j) => j != i % Classes).OrderDescending().Take(k)
            .Count(cosine => cosine - row[i % Classes] + 0.2 > 0)).ToList();
        Assert.That(hinges.Samples, Is.EqualTo(active.Count(count => count > 0) / (double)Batch).And.InRange(0.1, 0.9));
        Assert.That(hinges.Mean, Is.EqualTo(active.Average()).Within(1e-6));
    }

    private static FaceLoss WithGradient(LossOptions options, HeadImplementation implementation = HeadImplementation.Auto)
    {
        var loss = options.Build(new LossShape(Classes, Dimension));
        using var generator = new Generator(4);
        loss.InitialiseProxies(generator);
        loss.Configure(new HeadOptions { Implementation = implementation });
        var (embeddings, labels) = Samples();
        using var pass = loss.Begin(embeddings.requires_grad_(), labels);
        pass.Backward(1);
        return loss;
    }

    private static (Tensor Embeddings, Tensor Labels) Samples()
    {
        using var generator = new Generator(7);
        return (randn(Batch, Dimension, generator: generator), arange(Batch, ScalarType.Int64));
    }

    private static List<double[]> Rows(Tensor matrix) =>
        [.. matrix.detach().clone().data<float>().ToArray().Select(value => (double)value).Chunk((int)matrix.shape[1])];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (one, other) => one * other).Sum();
}
