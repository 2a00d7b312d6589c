using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>What a pass of every loss must do in every implementation.</summary>
public sealed class HeadPassTests
{
    private static readonly LossShape Shape = new(7, 4);
    private static readonly float[] Extremes = [-1, -1 + 1e-7f, 0, 1 - 1e-7f, 1];

    private static IEnumerable<LossOptions> Everything() => LossCases.All().Concat(LossCases.Found());

    private static IEnumerable<HeadOptions> Heads() =>
    [
        new() { Implementation = HeadImplementation.Auto },
        new() { Implementation = HeadImplementation.Auto, LogitMegabytes = 0 },
        new() { Implementation = HeadImplementation.Auto, Kernel = HeadKernel.Libtorch },
        new() { Implementation = HeadImplementation.Auto, Kernel = HeadKernel.Libtorch, LogitMegabytes = 0 },
        new() { Implementation = HeadImplementation.Straight },
    ];

    [TestCaseSource(nameof(Everything))]
    public void Value_and_gradient_are_finite_at_extreme_cosines(LossOptions options)
    {
        foreach (var head in Heads())
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
                foreach (var target in Extremes)
                {
                    using var loss = options.Build(new LossShape(7, 2));
                    loss.Configure(head);
                    using (no_grad())
                    {
                        loss.proxies.fill_(0.5);
                        loss.proxies[0] = tensor(new[] { target, MathF.Sqrt((1 - target) * (1 + target)) });
                        loss.proxies[1] = tensor(new float[] { 1, 0 });  // cosine 1 with another identity
                        loss.proxies[2] = tensor(new float[] { -1, 0 }); // and -1
                    }

                    using var x = tensor(new float[] { 1, 0 }).view(1, 2).to(dtype).requires_grad_();
                    using var pass = loss.Begin(x, tensor(new long[] { 0 }));
                    pass.Backward();
                    loss.Gradient.Densify();
                    Assert.That(pass.Value.dtype, Is.EqualTo(ScalarType.Float32), "cosines and loss stay in float32");
                    Assert.That(x.grad!.dtype, Is.EqualTo(dtype));
                    Assert.That(float.IsFinite(pass.Value.item<float>()), $"value at {target}, {dtype}, {head}");
                    Assert.That(x.grad!.isfinite().all().item<bool>(), $"gradient of the embedding at {target}, {dtype}, {head}");
                    Assert.That(loss.proxies.grad!.isfinite().all().item<bool>(), $"gradient of the proxies at {target}, {dtype}, {head}");
                }
    }

    [TestCaseSource(nameof(Everything))]
    public void Zero_embeddings_and_proxies_do_not_become_NaN(LossOptions options)
    {
        foreach (var head in Heads())
        {
            using var loss = options.Build(Shape);
            loss.Configure(head);
            using var x = zeros(2, 4).requires_grad_();
            using var pass = loss.Begin(x, tensor(new long[] { 0, 6 }));
            pass.Backward();
            Assert.That(float.IsFinite(pass.Value.item<float>()), head.ToString());
            Assert.That(x.grad!.isfinite().all().item<bool>(), head.ToString());
        }
    }

    [TestCaseSource(nameof(Everything))]
    public void A_NaN_proxy_makes_the_loss_NaN(LossOptions options)
    {
        foreach (var head in Heads())
            foreach (var poison in new[] { float.NaN, float.PositiveInfinity })
            {
                using var loss = options.Build(Shape);
                loss.Configure(head);
                using (no_grad()) loss.proxies[1, 2] = poison;
                // the proxy of another identity for the first sample, of its identity for the second
                using var pass = loss.Begin(ones(2, 4), tensor(new long[] { 0, 1 }));
                Assert.That(float.IsFinite(pass.Value.item<float>()), Is.False, $"{poison}, {head}: with 0 the training would continue");
            }
    }

    [TestCaseSource(nameof(Everything))]
    public void Bad_batches_are_refused_with_the_reason(LossOptions options)
    {
        using var loss = options.Build(Shape);
        using var x = ones(2, 4);
        Assert.Multiple(() =>
        {
            Assert.That(() => loss.Begin(x, tensor(new long[] { 0, 7 })), Throws.ArgumentException.With.Message.Contains("label 7"));
            Assert.That(() => loss.Begin(ones(2, 5), tensor(new long[] { 0, 1 })),
                Throws.ArgumentException.With.Message.Contains("expected B x 4"));
            Assert.That(() => loss.Begin(ones(0, 4), zeros(0, ScalarType.Int64)),
                Throws.ArgumentException.With.Message.Contains("empty batch"));
            Assert.That(() => loss.Begin(x * float.NaN, tensor(new long[] { 0, 1 })),
                Throws.ArgumentException.With.Message.Contains("NaN"));
        });
    }

    [TestCaseSource(nameof(Everything))]
    public void Value_equals_the_papers_equation(LossOptions options)
    {
        foreach (var head in Heads())
        {
            using var problem = new LossProblem(options, 16, 40, 8, seed: 4);
            problem.Loss.Configure(head);
            problem.Restart();
            if (options is DroppedInOptions) continue; // no paper
            using var pass = problem.Loss.Begin(problem.Embeddings, problem.Labels);
            var expected = problem.Oracle(options);
            Assert.That(pass.Value.item<double>(), Is.EqualTo(expected).Within(1e-10 * Math.Max(1, Math.Abs(expected))), head.ToString());
        }
    }

    [TestCaseSource(nameof(Everything))]
    public void Micro_batches_add_up_to_the_batch(LossOptions options)
    {
        foreach (var head in Heads())
        {
            using var problem = new LossProblem(options, 8, 9, 6, seed: 2);
            problem.Loss.Configure(head);
            problem.Loss.eval(); // stops the counters
            if (!problem.Loss.AveragesSamples) continue; // it compares the samples of a batch with each other
            var whole = Gradients(problem, 8);
            var halves = Gradients(problem, 4);
            foreach (var (expected, actual) in whole.Zip(halves)) Assert.That(actual.allclose(expected, 1e-9, 1e-12), head.ToString());
        }
    }

    [Category("Slow"), TestCaseSource(nameof(Everything))]
    public void The_same_pass_gives_the_same_bits(LossOptions options)
    {
        set_num_threads(3);
        try
        {
            foreach (var head in Heads())
            {
                using var problem = new KernelProblem(options, 40, 300, 20, ScalarType.Float32, seed: 1);
                var (first, second) = (problem.Run(head, ScalarType.Float32), problem.Run(head, ScalarType.Float32));
                Assert.That(second.Value, Is.EqualTo(first.Value));
                Assert.That(second.Embeddings, Is.EqualTo(first.Embeddings));
                Assert.That(second.Parameters["proxies"], Is.EqualTo(first.Parameters["proxies"]));
            }
        }
        finally
        {
            set_num_threads(1);
        }
    }

    [Test]
    public void A_pass_leaves_no_tensor_behind()
    {
        var losses = (from options in Everything()
                      from head in Heads().Concat(LossCases.HasKernel(options) ? [new HeadOptions { PartialRate = 0.5 }] : [])
                      select (Loss: Built(options, head), What: $"{options}, {head}")).ToList();
        using var x = randn(3, 4).requires_grad_();
        using var labels = tensor(new long[] { 1, 2, 3 });
        foreach (var (loss, _) in losses) for (var i = 0; i < 3; i++) Pass(loss);
        GC.Collect(); // once for all: it takes longer than everything else here
        GC.WaitForPendingFinalizers();
        Assert.Multiple(() =>
        {
            foreach (var (loss, what) in losses)
            {
                var before = Tensor.TotalCount;
                for (var i = 0; i < 5; i++) Pass(loss);
                Assert.That(Tensor.TotalCount, Is.AtMost(before), what); // fewer if the garbage collector ran
            }
        });
        foreach (var (loss, _) in losses) loss.Dispose();

        static FaceLoss Built(LossOptions options, HeadOptions head)
        {
            var loss = options.Build(new LossShape(50, 4));
            loss.Configure(head);
            return loss;
        }

        void Pass(FaceLoss loss)
        {
            using var scope = NewDisposeScope();
            loss.Gradient.Clear();
            using var pass = loss.Begin(x, labels);
            pass.Backward();
        }
    }

    private static List<Tensor> Gradients(LossProblem problem, int size)
    {
        problem.Loss.Gradient.Clear();
        problem.Loss.zero_grad();
        problem.Embeddings.grad?.zero_();
        for (var first = 0; first < 8; first += size)
        {
            using var pass = problem.Loss.Begin(problem.Embeddings.narrow(0, first, size), problem.Labels.narrow(0, first, size));
            pass.Backward(size / 8.0);
        }

        problem.Loss.Gradient.Densify();
        return [.. problem.Loss.parameters().Append(problem.Embeddings).Select(parameter => parameter.grad!.clone())];
    }
}
