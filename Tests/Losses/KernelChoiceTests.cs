using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>Which implementation computes a pass, its memory, and the values that must not depend on it.</summary>
public sealed class KernelChoiceTests
{
    private static readonly LossShape Shape = new(7, 4);

    [Test]
    public void Of_equal_negatives_NPT_takes_the_lowest_index([Values(1, 2)] int k, [Values] HeadKernel kernel, [Values(1, 3)] int threads)
    {
        set_num_threads(threads);
        using var loss = new NptOptions { K = k }.Build(new LossShape(40, 2));
        loss.Configure(new HeadOptions { Kernel = kernel });
        using (no_grad())
        {
            loss.proxies.copy_(tensor(new float[] { -1, 0 }).expand(40, 2));
            foreach (var same in new[] { 11, 20, 33 }) loss.proxies[same] = tensor(new float[] { 0, 1 }); // in tiles of different threads
            loss.proxies[39] = tensor(new float[] { 1, 0 });
        }

        using var pass = loss.Begin(tensor(new[] { 1, 0.9f }).view(1, 2).requires_grad_(), tensor(new long[] { 39 }));
        pass.Backward();
        loss.Gradient.Densify();
        set_num_threads(1);
        var touched = loss.proxies.grad!.abs().sum(1).data<float>().ToArray();
        Assert.That(Enumerable.Range(0, 40).Where(j => touched[j] > 0), Is.EqualTo(k == 1 ? new[] { 11, 39 } : [11, 20, 39]));
    }

    [Test]
    public void Of_equal_centers_the_first_takes_the_gradient([Values] HeadKernel kernel)
    {
        const int identities = 5;
        using var loss = new SubCenterArcFaceOptions { Scale = 4, Centers = 2 }.Build(new LossShape(identities, 2));
        loss.Configure(new HeadOptions { Kernel = kernel });
        using (no_grad())
        {
            for (var row = 0; row < 2 * identities; row++) // both proxies of an identity point the same way
                loss.proxies[row] = tensor(new[] { MathF.Cos(row % identities), MathF.Sin(row % identities) });
        }

        using var pass = loss.Begin(tensor(new[] { 1, 0.3f }).view(1, 2).requires_grad_(), tensor(new long[] { 2 }));
        pass.Backward();
        loss.Gradient.Densify();
        var lengths = loss.proxies.grad!.abs().sum(1).data<float>().ToArray();
        Assert.That(lengths[..identities], Has.All.Positive, $"{pass.Choice}");
        Assert.That(lengths[identities..], Has.All.Zero, $"{pass.Choice}");
    }

    [Test]
    public void Auto_stores_logits_that_fit_the_budget_and_reports_its_choice()
    {
        using var loss = new ArcFaceOptions().Build(new LossShape(3000, 4));
        Assert.That(Choice(new HeadOptions { LogitMegabytes = 2 }), Is.EqualTo(HeadImplementation.Stored), "100 x 3000 x 4 bytes");
        Assert.That(Choice(new HeadOptions { LogitMegabytes = 1 }), Is.EqualTo(HeadImplementation.Tiled));
        Assert.That(Choice(new HeadOptions { Implementation = HeadImplementation.Straight }), Is.EqualTo(HeadImplementation.Straight));
        using var own = new DroppedInOptions().Build(Shape);
        using var pass = own.Begin(ones(2, 4), tensor(new long[] { 0, 1 }));
        Assert.That(pass.Choice, Is.EqualTo(new HeadChoice(HeadImplementation.Straight, "autograd", 7)));
        Assert.That(() => own.Configure(new HeadOptions { Implementation = HeadImplementation.Tiled }),
            Throws.ArgumentException.With.Message.Contains("straight formulation only"));
        Assert.That(() => own.Configure(new HeadOptions { PartialRate = 0.5 }),
            Throws.ArgumentException.With.Message.Contains("straight formulation only"));
        Assert.That(() => loss.Configure(new HeadOptions { Implementation = HeadImplementation.Straight, PartialRate = 0.5 }),
            Throws.ArgumentException.With.Message.Contains("partialRate"));

        HeadImplementation Choice(HeadOptions head)
        {
            loss.Configure(head);
            using var chosen = loss.Begin(ones(100, 4), zeros(100, ScalarType.Int64));
            return chosen.Choice.Implementation;
        }
    }

    [Test]
    public void Embeddings_may_be_transposed_in_memory([Values] HeadKernel kernel)
    {
        using var loss = new ArcFaceOptions().Build(Shape);
        loss.Configure(new HeadOptions { Kernel = kernel });
        using var generator = new Generator(1);
        loss.InitialiseProxies(generator);
        using var x = randn(4, 3).t();
        using var labels = tensor(new long[] { 0, 1, 2 });
        float across;
        using (var pass = loss.Begin(x, labels)) across = pass.Value.item<float>();
        using var plain = loss.Begin(x.contiguous(), labels);
        Assert.That(across, Is.EqualTo(plain.Value.item<float>()));
    }

    [Test]
    public void Many_negatives_are_computed_by_libtorch_with_the_same_result()
    {
        using var problem = new KernelProblem(new NptOptions { K = 100 }, 16, 300, 20, ScalarType.Float32, seed: 3);
        var straight = problem.Run(new HeadOptions { Implementation = HeadImplementation.Straight }, ScalarType.Float32);
        var tiled = problem.Run(new HeadOptions(), ScalarType.Float32);
        Assert.That(tiled.Choice, Is.EqualTo(new HeadChoice(HeadImplementation.Tiled, "libtorch", 300)));
        Assert.That(tiled.Value, Is.EqualTo(straight.Value).Within(1e-5 * straight.Value));
        Assert.That(KernelProblem.Difference(tiled.Parameters["proxies"], straight.Parameters["proxies"]), Is.LessThan(1e-5));
    }

    [Test]
    public void A_second_pass_is_refused_until_the_first_is_disposed()
    {
        using var loss = new CosFaceOptions().Build(Shape);
        using (loss.Begin(ones(2, 4), tensor(new long[] { 0, 1 })))
            Assert.That(() => loss.Begin(ones(2, 4), tensor(new long[] { 0, 1 })), Throws.InvalidOperationException);
        using var next = loss.Begin(ones(2, 4), tensor(new long[] { 0, 1 }));
        Assert.That(next.Value.item<float>(), Is.Positive);
    }

    [Category("Slow"), TestCaseSource(typeof(KernelTests), nameof(KernelTests.Everything))]
    public void Tiled_buffers_are_a_small_part_of_the_matrix(LossOptions options)
    {
        if (!LossCases.HasKernel(options)) return;
        const int Batch = 64, Count = 100_000;
        using var loss = options.Build(new LossShape(Count, 4));
        using var x = randn(Batch, 4).requires_grad_();
        // the tiles of libtorch, which computes what the fused kernels do not, are not in the workspace
        if (Run(HeadImplementation.Tiled) == "libtorch") return;
        Assert.That(loss.WorkspaceBytes, Is.Positive.And.LessThan(0.05 * 4 * Batch * Count * options.RowsPerIdentity().Proxies));
        // some store nothing
        if (options is SubCenterArcFaceOptions || (options is NptOptions { K: var k } && k != NegativeCount.All)) return;
        Run(HeadImplementation.Stored);
        Assert.That(loss.WorkspaceBytes, Is.GreaterThan(4 * Batch * Count));

        string Run(HeadImplementation implementation)
        {
            loss.Configure(new HeadOptions { Implementation = implementation });
            using var pass = loss.Begin(x, randint(0, Count, Batch));
            pass.Backward();
            return pass.Choice.Kernel;
        }
    }

    [Test]
    public void Medium_precision_is_close_and_the_switch_is_restored()
    {
        using var problem = new KernelProblem(new CosFaceOptions { Scale = 16 }, 64, 1000, 128, ScalarType.Float32, seed: 3);
        var highest = problem.Run(new HeadOptions { Kernel = HeadKernel.Libtorch }, ScalarType.Float32);
        var medium = problem.Run(new HeadOptions { MatmulPrecision = MatmulPrecision.Medium }, ScalarType.Float32);
        var again = problem.Run(new HeadOptions { Kernel = HeadKernel.Libtorch }, ScalarType.Float32);
        Assert.That(medium.Value, Is.EqualTo(highest.Value).Within(0.01 * highest.Value));
        Assert.That(KernelProblem.Difference(medium.Embeddings, highest.Embeddings), Is.LessThan(0.02));
        Assert.That(again.Embeddings, Is.EqualTo(highest.Embeddings), "the switch is restored");
        Assert.That(medium.Choice.Kernel, Is.EqualTo("libtorch"));
    }
}
