using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>Partial FC: a pass over drawn identities is the loss over only those identities.</summary>
public sealed class PartialSampleTests
{
    private const int Classes = 60, Dimension = 6, Batch = 10;
    private static readonly HeadOptions Third = new() { PartialRate = 1 / 3.0 };

    [TestCaseSource(typeof(KernelTests), nameof(KernelTests.Everything))]
    public void A_pass_is_the_straight_loss_over_the_drawn_identities(LossOptions options)
    {
        if (!LossCases.HasKernel(options)) return;
        foreach (var kernel in Enum.GetValues<HeadKernel>())
        {
            using var problem = new LossProblem(options, Batch, Classes, Dimension, seed: 3);
            problem.Loss.Configure(Third with { Kernel = kernel }, seed: 11);
            using var pass = problem.Loss.Begin(problem.Embeddings, problem.Labels);
            pass.Backward();
            Assert.That(problem.Loss.Gradient.IsDense, Is.False);

            // all drawn identities: the same draw with a loss whose gradient names each of them
            var drawn = Drawn(problem.Loss, problem.Labels, problem.Embeddings);
            Assert.That(drawn, Has.Length.EqualTo(20));
            Assert.That(problem.Labels.data<long>().ToArray()
                .Distinct(), Is.SubsetOf(drawn), "the batch's own identities are always drawn");
            Assert.That(pass.Choice.Classes, Is.EqualTo(20));

            using var small = new LossProblem(options, Batch, drawn.Length, Dimension, seed: 3);
            small.Loss.Configure(new HeadOptions { Implementation = HeadImplementation.Straight }, seed: 11); // the draws of the loss
            problem.Restart();
            using (no_grad())
            {
                foreach (var (name, buffer) in small.Loss.named_buffers()) buffer.copy_(Part(problem.Loss.get_buffer(name)!));
                foreach (var (name, parameter) in small.Loss.named_parameters())
                    parameter.copy_(Part(problem.Loss.named_parameters().First(p => p.name == name).parameter));
            }

            using var x = problem.Embeddings.detach().clone().requires_grad_();
            using var value = small.Loss.forward(x, searchsorted(tensor(drawn), problem.Labels));
            value.backward();
            Assert.That(pass.Value.item<double>(), Is.EqualTo(value.item<double>())
                .Within(1e-10 * Math.Max(1, Math.Abs(value.item<double>()))));
            Assert.That(problem.Embeddings.grad!.allclose(x.grad!, 1e-8, 1e-11));
            problem.Loss.Gradient.Densify();
            Assert.That(Part(problem.Loss.proxies.grad!).allclose(small.Loss.proxies.grad!, 1e-8, 1e-11));
            foreach (var (name, parameter) in small.Loss.named_parameters().Where(p => p.name != "proxies"))
            {
                var whole = problem.Loss.named_parameters().First(p => p.name == name).parameter.grad!;
                Assert.That(Part(whole).allclose(parameter.grad!, 1e-8, 1e-11), name);
                Assert.That(whole.count_nonzero()
                    .item<long>(), Is.EqualTo(parameter.grad!.count_nonzero().item<long>()), $"{name} of identities that were not drawn");
            }

            Assert.That(problem.Loss.proxies.grad!.abs().sum(1).gt(0).sum().item<long>(),
                Is.LessThanOrEqualTo(20 * problem.Loss.Centers));

            // of the drawn identities; a number for all of them is whole
            Tensor Part(Tensor values) => values.shape[0] < Classes ? values : values.view([-1, Classes, .. values.shape[1..]])
                .index_select(1, tensor(drawn)).reshape([-1, .. values.shape[1..]]);
        }
    }

    [Test]
    public void A_drawn_bias_is_valid_until_its_pass_is_disposed()
    {
        using var problem = new KernelProblem(new SoftmaxOptions(), Batch, Classes, Dimension, ScalarType.Float32, seed: 3);
        using var loss = problem.Build(Third, ScalarType.Float32);
        using var precise = problem.Build(Third with { Kernel = HeadKernel.Libtorch }, ScalarType.Float64);
        using var pass = loss.Begin(problem.Embeddings.clone().requires_grad_(), problem.Labels);
        using var expected = precise.Begin(problem.Embeddings.to(ScalarType.Float64).requires_grad_(), problem.Labels);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var garbage = full(20, 1e30f); // of the size of the drawn bias
        pass.Backward();
        expected.Backward();
        Assert.That(pass.Value.item<float>(), Is.EqualTo(expected.Value.item<double>()).Within(1e-4));
        Assert.That(loss.named_parameters().First(p => p.name == "bias").parameter.grad!.allclose(
            precise.named_parameters().First(p => p.name == "bias").parameter.grad!.to(ScalarType.Float32), 1e-3, 1e-5));
    }

    [Test]
    public void Draws_depend_only_on_seed_and_count_and_resume_from_a_file()
    {
        using var folder = new TemporaryFolder();
        using var first = Loss(seed: 4);
        var draws = Enumerable.Range(0, 5).Select(_ => Draw(first)).ToList();
        Assert.That(draws.Select(draw => string.Join(' ', draw)).Distinct().Count(), Is.EqualTo(5), "each step makes another draw");
        using var same = Loss(seed: 4);
        Assert.That(Draw(same), Is.EqualTo(draws[0]));
        using var other = Loss(seed: 5);
        Assert.That(Draw(other), Is.Not.EqualTo(draws[0]));

        for (var i = 1; i < 3; i++) Draw(same);
        same.save(folder.File("loss.dat"));
        using var resumed = Loss(seed: 4);
        resumed.load(folder.File("loss.dat"));
        Assert.That(Draw(resumed), Is.EqualTo(draws[3]), "the fourth draw");

        same.eval();
        Assert.That(Draw(same), Is.EqualTo(draws[3]));
        Assert.That(Draw(same), Is.EqualTo(draws[3]), "evaluation does not count as a step");
    }

    [Test]
    public void Enough_identities_are_drawn_for_the_batch_and_for_NPT()
    {
        using var many = new CosFaceOptions().Build(new LossShape(Classes, Dimension));
        many.Configure(new HeadOptions { PartialRate = 0.01 });
        using var pass = many.Begin(ones(30, Dimension), arange(30, ScalarType.Int64));
        Assert.That(pass.Choice.Classes, Is.EqualTo(30), "every identity of the batch is included");
        using var npt = new NptOptions { K = 9 }.Build(new LossShape(Classes, Dimension));
        npt.Configure(new HeadOptions { PartialRate = 0.01 });
        using var other = npt.Begin(ones(1, Dimension), zeros(1, ScalarType.Int64));
        Assert.That(other.Choice.Classes, Is.EqualTo(10), "nine negatives and the target");
        using var rounded = new CosFaceOptions().Build(new LossShape(Classes, Dimension));
        rounded.Configure(new HeadOptions { PartialRate = 0.36 });
        using var last = rounded.Begin(ones(1, Dimension), zeros(1, ScalarType.Int64));
        Assert.That(last.Choice.Classes, Is.EqualTo(22), "21.6 is rounded up");
    }

    private static FaceLoss Loss(long seed)
    {
        var loss = new SoftmaxOptions().Build(new LossShape(Classes, Dimension));
        loss.Configure(Third, seed);
        return loss;
    }

    private static long[] Draw(FaceLoss loss)
    {
        loss.Gradient.Clear();
        using var pass = loss.Begin(ones(2, Dimension).requires_grad_(), tensor(new long[] { 7, 8 }));
        pass.Backward();
        return loss.Gradient.Rows[0].Classes.data<long>().ToArray();
    }

    /// <summary>Returns the identities of <paramref name="like"/>'s first draw, from the gradient of a softmax.</summary>
    private static long[] Drawn(FaceLoss like, Tensor labels, Tensor embeddings)
    {
        using var loss = new SoftmaxOptions().Build(like.Shape);
        loss.Configure(Third, seed: 11);
        using var pass = loss.Begin(embeddings.detach().requires_grad_(), labels);
        pass.Backward();
        return loss.Gradient.Rows[0].Classes.data<long>().ToArray();
    }
}
