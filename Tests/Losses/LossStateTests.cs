using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>What a loss remembers from step to step: whatever the pieces of a step, and in training.</summary>
[Parallelizable]
public sealed class LossStateTests
{
    private const int Batch = 8, Steps = 3;

    private static IEnumerable<HeadOptions> Heads() =>
    [
        new() { Implementation = HeadImplementation.Straight },
        new() { Implementation = HeadImplementation.Auto },
        new() { Implementation = HeadImplementation.Auto, Kernel = HeadKernel.Libtorch, LogitMegabytes = 0 },
    ];

    /// <summary>Every loss with its default options, and with state that moves fast.</summary>
    private static IEnumerable<LossOptions> Losses() => LossCases.Found().Concat(
    [
        new CurricularFaceOptions { Scale = 8, Momentum = 0.7 },
        new AdaFaceOptions { Scale = 8, Momentum = 0.7, StartMean = 2, StartDeviation = 1 },
        new AdaFaceOptions { Scale = 8, Momentum = 1, StartMean = 2, StartDeviation = 1, Variant = AdaFaceVariant.Cvlface },
        new ElasticFaceOptions { Scale = 8, Margin = ElasticMargin.Cos, Deviation = 0.5 },
    ]);

    [TestCaseSource(nameof(Losses))]
    public void Steps_in_pieces_are_the_steps_of_whole_batches(LossOptions options)
    {
        using (var loss = options.Build(new LossShape(9, 6)))
            if (!loss.AveragesSamples) return; // it compares the samples of a batch with each other
        foreach (var head in Heads())
        {
            using var scope = NewDisposeScope();
            var whole = Train(options, head, [Batch]);
            foreach (var pieces in new[] { new[] { 4, 4 }, [3, 5], [1, 2, 5] })
            {
                var parts = Train(options, head, pieces);
                foreach (var (name, expected) in whole)
                    Assert.That(parts[name].allclose(expected, 1e-9, 1e-11), $"{name}, {string.Join(" + ", pieces)}, {head}");
            }
        }
    }

    [TestCaseSource(nameof(Losses))]
    public void A_resumed_loss_continues_bit_by_bit(LossOptions options)
    {
        using var folder = new TemporaryFolder();
        foreach (var head in Heads())
        {
            using var scope = NewDisposeScope();
            var uninterrupted = Build(options, head);
            var first = Build(options, head);
            for (var step = 0; step < Steps; step++)
                foreach (var loss in new[] { uninterrupted, first })
                    Step(loss, step, [3, 5]);
            first.save(folder.File("loss.dat"));
            var second = Build(options, head);
            second.load(folder.File("loss.dat"));
            for (var step = Steps; step < 2 * Steps; step++)
            {
                var (expected, actual) = (Step(uninterrupted, step, [3, 5]), Step(second, step, [3, 5]));
                Assert.That(actual.eq(expected).all().item<bool>(), $"gradient of step {step}, {head}");
                foreach (var (name, value) in uninterrupted.state_dict())
                    Assert.That(second.state_dict()[name].eq(value).all().item<bool>(), $"{name} after step {step}, {head}");
            }
        }
    }

    [TestCaseSource(nameof(Losses))]
    public void Evaluation_moves_no_state(LossOptions options)
    {
        using var loss = Build(options, new HeadOptions());
        Step(loss, 0, [Batch]).Dispose();
        loss.eval();
        Step(loss, 1, [Batch]).Dispose();
        var next = loss.named_buffers().ToDictionary(one => one.name, one => one.buffer.clone());
        Step(loss, 2, [Batch]).Dispose();
        foreach (var (name, buffer) in loss.named_buffers()) Assert.That(buffer.eq(next[name]).all().item<bool>(), name);
    }

    [Test]
    public void AdaFace_follows_mean_and_deviation_of_the_norms()
    {
        using var loss = Build(new AdaFaceOptions { Momentum = 0.25, StartMean = 3, StartDeviation = 0.5 }, new HeadOptions());
        var norms = Embeddings(0).norm(1).data<double>().ToArray();
        var deviation = Math.Sqrt(norms.Sum(norm => Math.Pow(norm - norms.Average(), 2)) / (Batch - 1));
        Step(loss, 0, [3, 5]).Dispose();
        Assert.That(Value(loss, "mean"), Is.EqualTo(3), "the step used what it started with");
        Assert.That(Value(loss, "nextMean"), Is.EqualTo(0.25 * norms.Average() + 0.75 * 3).Within(1e-6));
        Assert.That(Value(loss, "nextDeviation"), Is.EqualTo(0.25 * deviation + 0.75 * 0.5).Within(1e-6));
        using var single = Build(new AdaFaceOptions { Momentum = 0.25, StartMean = 3, StartDeviation = 0.5 }, new HeadOptions());
        single.PassesPerStep = 1;
        using (var pass = single.Begin(Embeddings(0)[..1], Labels(0)[..1])) Assert.That(pass.Value.isfinite().item<bool>());
        Assert.That(Value(single, "nextMean"), Is.EqualTo(0.25 * norms[0] + 0.75 * 3).Within(1e-6));
        Assert.That(Value(single, "nextDeviation"), Is.EqualTo(0.5), "one image has none");
        using var _ = single.Begin(ones(2, 6, ScalarType.Float64) * 1000, Labels(0)[..2]);
        Assert.That(Value(single, "nextMean"), Is.EqualTo(0.25 * 100 + 0.75 * Value(single, "mean")).Within(1e-5), "held at 100");
    }

    [Test]
    public void AdaCos_takes_its_scale_from_the_sums_and_the_median_angle([Values(8, 7)] int images, [Values] bool near)
    {
        using var loss = Build(new AdaCosOptions(), new HeadOptions());
        loss.PassesPerStep = 1;
        var (x, labels) = (Embeddings(0)[..images], Labels(0)[..images]);
        if (near) x = loss.proxies.detach().index_select(0, labels) + x * 0.3; // less than pi / 4 away: the median counts
        using (loss.Begin(x, labels)) { }
        var start = (double)(float)(Math.Sqrt(2) * Math.Log(loss.Shape.Classes - 1));
        var cosines = nn.functional.normalize(x).matmul(nn.functional.normalize(loss.proxies).t()).detach();
        var own = Enumerable.Range(0, images).Select(i => cosines[i, labels[i].item<long>()].item<double>()).ToList();
        var sums = Enumerable.Range(0, images).Select(i => Enumerable.Range(0, loss.Shape.Classes).Where(j => j != labels[i].item<long>())
            .Sum(j => Math.Exp(start * cosines[i, j].item<double>())));
        var median = own.Select(Math.Acos).Order().ElementAt((images - 1) / 2);
        Assert.That(Value(loss, "scale"), Is.EqualTo(start).Within(1e-6));
        Assert.That(Value(loss, "next"), Is.EqualTo(Math.Log(sums.Average()) / Math.Cos(Math.Min(Math.PI / 4, median))).Within(1e-6));
        Assert.That(median < Math.PI / 4, Is.EqualTo(near));
    }

    /// <summary>Returns state and gradients after some steps; gradients are those of the last.</summary>
    private static Dictionary<string, Tensor> Train(LossOptions options, HeadOptions head, int[] pieces)
    {
        var loss = Build(options, head);
        var gradient = zeros(0);
        for (var step = 0; step < Steps; step++) gradient = Step(loss, step, pieces);
        var left = loss.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad!.clone());
        left["embeddings"] = gradient;
        foreach (var (name, buffer) in loss.named_buffers())
            if (name is not ("iteration" or "drawn")) left["state " + name] = buffer.clone(); // these two count passes of a step
        return left;
    }

    /// <summary>Runs one step in pieces; returns the gradient of the embeddings.</summary>
    private static Tensor Step(FaceLoss loss, int step, int[] pieces)
    {
        loss.PassesPerStep = pieces.Length;
        loss.Gradient.Clear();
        loss.zero_grad();
        var (x, labels, at) = (Embeddings(step).requires_grad_(), Labels(step), 0);
        foreach (var count in pieces)
        {
            using var pass = loss.Begin(x.narrow(0, at, count), labels.narrow(0, at, count));
            pass.Backward(count / (double)Batch);
            at += count;
        }

        loss.Gradient.Densify();
        return x.grad!;
    }

    private static FaceLoss Build(LossOptions options, HeadOptions head)
    {
        var loss = (FaceLoss)options.Build(new LossShape(9, 6)).to(ScalarType.Float64);
        using var generator = new Generator(3);
        using (no_grad()) loss.proxies.copy_(randn(loss.proxies.shape, ScalarType.Float64, generator: generator));
        loss.Configure(head.Implementation == HeadImplementation.Straight || loss.HasKernel ? head : new HeadOptions(), seed: 7);
        return loss;
    }

    private static Tensor Embeddings(int step)
    {
        using var generator = new Generator((ulong)(100 + step));
        return randn(Batch, 6, ScalarType.Float64, generator: generator);
    }

    private static Tensor Labels(int step)
    {
        using var generator = new Generator((ulong)(200 + step));
        return randint(0, 9, [Batch], ScalarType.Int64, generator: generator);
    }

    private static double Value(FaceLoss loss, string buffer) => loss.get_buffer(buffer)!.to(ScalarType.Float64).item<double>();
}
