using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ablation.Tests.Losses;

/// <summary>What every loss found by reflection must do, including one added by a file.</summary>
[Parallelizable]
public sealed class LossConformanceTests
{
    private static readonly LossShape Shape = new(7, 4);
    private static readonly float[] Extremes = [-1, -1 + 1e-7f, 0, 1 - 1e-7f, 1];

    private static IEnumerable<LossOptions> Everything() => LossCases.All().Concat(LossCases.Found());

    [TestCaseSource(nameof(Everything))]
    public void Value_and_gradient_are_finite_at_extreme_cosines(LossOptions options)
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            foreach (var target in Extremes)
            {
                using var loss = options.Build(new LossShape(7, 2));
                using (no_grad())
                {
                    loss.proxies.fill_(0.5);
                    loss.proxies[0] = tensor(new[] { target, MathF.Sqrt((1 - target) * (1 + target)) });
                    loss.proxies[1] = tensor(new float[] { 1, 0 });  // cosine 1 with another identity
                    loss.proxies[2] = tensor(new float[] { -1, 0 }); // and -1
                }

                using var x = tensor(new float[] { 1, 0 }).view(1, 2).to(dtype).requires_grad_();
                using var value = loss.forward(x, tensor(new long[] { 0 }));
                value.backward();
                Assert.That(value.dtype, Is.EqualTo(ScalarType.Float32), "cosines and loss stay in float32");
                Assert.That(float.IsFinite(value.item<float>()), $"value at {target}, {dtype}");
                Assert.That(x.grad!.isfinite().all().item<bool>(), $"gradient of the embedding at {target}, {dtype}");
                Assert.That(loss.proxies.grad!.isfinite().all().item<bool>(), $"gradient of the proxies at {target}, {dtype}");
            }
        }
    }

    [TestCaseSource(nameof(Everything))]
    public void Zero_embeddings_and_proxies_do_not_become_NaN(LossOptions options)
    {
        using var loss = options.Build(Shape);
        using var x = zeros(2, 4).requires_grad_();
        using var value = loss.forward(x, tensor(new long[] { 0, 6 }));
        value.backward();
        Assert.That(float.IsFinite(value.item<float>()));
        Assert.That(x.grad!.isfinite().all().item<bool>());
    }

    [TestCaseSource(nameof(Everything))]
    public void A_NaN_proxy_makes_the_loss_NaN(LossOptions options)
    {
        using var loss = options.Build(Shape);
        using (no_grad()) loss.proxies[1, 2] = float.NaN;
        using var value = loss.forward(ones(2, 4), tensor(new long[] { 0, 1 })); // another identity's proxy for the first
        Assert.That(value.item<float>(), Is.NaN, "with 0 the training would continue");
    }

    [TestCaseSource(nameof(Everything))]
    public void State_is_restored_from_a_file_and_continues_identically(LossOptions options)
    {
        using var folder = new TemporaryFolder();
        using var generator = new Generator(1);
        using var first = options.Build(Shape);
        first.InitialiseProxies(generator);
        using var x = randn(3, 4, generator: generator);
        using var labels = tensor(new long[] { 1, 2, 3 });
        for (var step = 0; step < 5; step++) first.forward(x, labels).Dispose();
        first.save(folder.File("loss.dat"));

        using var second = options.Build(Shape);
        second.load(folder.File("loss.dat"));
        foreach (var (name, value) in first.state_dict())
            Assert.That(second.state_dict()[name].Equals(value) && second.state_dict()[name].eq(value).all().item<bool>(), name);
        Assert.That(second.forward(x, labels).item<float>(), Is.EqualTo(first.forward(x, labels).item<float>()));
    }

    [TestCaseSource(nameof(Everything))]
    public void Bad_batches_are_refused_with_the_reason(LossOptions options)
    {
        using var loss = options.Build(Shape);
        using var x = ones(2, 4);
        Assert.Multiple(() =>
        {
            Assert.That(() => loss.forward(x, tensor(new long[] { 0, 7 })), Refusal("label 7"));
            Assert.That(() => loss.forward(x, tensor(new long[] { -1, 0 })), Refusal("label -1"));
            Assert.That(() => loss.forward(x, tensor(new long[] { 0 })), Refusal("labels of shape"));
            Assert.That(() => loss.forward(ones(2, 5), tensor(new long[] { 0, 1 })), Refusal("expected B x 4"));
            Assert.That(() => loss.forward(ones(0, 4), zeros(0, ScalarType.Int64)), Refusal("empty batch"));
            Assert.That(() => loss.forward(x * float.NaN, tensor(new long[] { 0, 1 })), Refusal("NaN"));
            Assert.That(() => options.Build(new LossShape(1, 4)), Refusal("at least 2 identities"));
        });
    }

    [TestCaseSource(nameof(Everything))]
    public void Descending_the_gradient_lowers_the_loss(LossOptions options)
    {
        using var problem = new LossProblem(options, 8, 9, 6, seed: 2);
        var before = problem.Value();
        problem.Loss.forward(problem.Embeddings, problem.Labels).backward();
        using (no_grad()) problem.Embeddings.sub_(problem.Embeddings.grad! * 1e-3);
        Assert.That(problem.Value(), Is.LessThan(before));
    }

    [Test]
    public void Paired_seeds_give_every_loss_the_same_proxies()
    {
        var drawn = LossCases.Found().Select(options =>
        {
            using var generator = new Generator(5);
            using var loss = options.Build(Shape);
            loss.InitialiseProxies(generator);
            using var first = loss.FirstProxies;
            return first.data<float>().ToArray();
        }).ToList();
        Assert.That(drawn, Has.Count.GreaterThan(9));
        Assert.That(drawn, Is.All.EqualTo(drawn[0]));
        Assert.That(drawn[0].Distinct().Count(), Is.EqualTo(28));
    }

    [Test]
    public void SphereFace_resumes_at_its_lambda()
    {
        using var loss = new SphereFaceOptions().Build(Shape);
        using var x = randn(2, 4);
        using var labels = tensor(new long[] { 0, 1 });
        for (var step = 0; step < 12; step++) loss.forward(x, labels).Dispose();
        Assert.That(loss.state_dict()["iteration"].item<long>(), Is.EqualTo(12));
        loss.eval();
        loss.forward(x, labels).Dispose();
        Assert.That(loss.state_dict()["iteration"].item<long>(), Is.EqualTo(12), "evaluation does not count as a step");
    }

    [Test]
    public void CurricularFace_weights_hard_negatives_by_the_running_mean_and_stores_it()
    {
        using var problem = new LossProblem(new CurricularFaceOptions { Scale = 8, MarginRadians = 1.2 }, 16, 9, 6, seed: 2);
        using var still = new LossProblem(new CurricularFaceOptions { Scale = 8, MarginRadians = 1.2, Momentum = 0 }, 16, 9, 6, seed: 2);
        using var own = functional.normalize(problem.Embeddings)
            .mul(functional.normalize(problem.Loss.proxies.index_select(0, problem.Labels))).sum([1L]).mean();
        problem.Loss.forward(problem.Embeddings, problem.Labels).Dispose();
        Assert.That(problem.Loss.state_dict()["next"].item<double>(), Is.EqualTo(0.01 * own.item<double>()).Within(1e-7));
        problem.Loss.get_buffer("next")!.fill_(0.6);
        problem.Loss.eval();
        using var weighed = problem.Loss.forward(problem.Embeddings, problem.Labels);
        Assert.That(problem.Loss.state_dict()["next"].item<double>(), Is.EqualTo(0.6), "evaluation does not count as a step");
        Assert.That(weighed.item<double>(), Is.GreaterThan(still.Value() + 1e-3), "t makes hard negatives larger");
        using var products = functional.normalize(problem.Embeddings).matmul(functional.normalize(problem.Loss.proxies).t()).detach();
        double[][] cosines = [.. Enumerable.Range(0, 16).Select(row => products[row].data<double>().ToArray())];
        var expected = problem.Labels.data<long>().Select((label, row) => Weighed(cosines[row], (int)label, t: 0.6)).Average();
        Assert.That(weighed.item<double>(), Is.EqualTo(expected).Within(1e-5));

        static double Weighed(double[] cosine, int label, double t)
        {
            var moved = Math.Cos(Math.Acos(cosine[label]) + 1.2);
            var target = cosine[label] > -Math.Cos(1.2) ? moved : cosine[label] - 1.2 * Math.Sin(1.2);
            var logits = cosine.Select((one, column) => 8 * (column == label ? target : one > moved ? one * (one + t) : one));
            return Math.Log(logits.Sum(Math.Exp)) - 8 * target;
        }
    }

    [Test]
    public void Proxies_start_with_the_stated_deviation()
    {
        using var generator = new Generator(5);
        using var loss = new SoftmaxOptions().Build(new LossShape(500, 64));
        loss.InitialiseProxies(generator);
        Assert.That(loss.proxies.std().item<float>(), Is.EqualTo(0.01).Within(2e-4));
    }

    [TestCase(1, 1000 / 1.12)]
    [TestCase(100, 1000 / 13.0)]
    [TestCase(1_000_000, 5)]
    public void SphereFace_has_the_lambda_of_the_formula(long iteration, double lambda)
    {
        using var annealed = new LossProblem(new SphereFaceOptions(), 8, 9, 6, seed: 2);
        using var constant = new LossProblem(new SphereFaceOptions { LambdaBase = lambda, LambdaGamma = 0, LambdaMinimum = 0 }, 8, 9, 6,
            seed: 2);
        using var other = new LossProblem(new SphereFaceOptions { LambdaBase = 1.01 * lambda, LambdaGamma = 0, LambdaMinimum = 0 }, 8, 9, 6,
            seed: 2);
        annealed.Loss.get_buffer("iteration")!.fill_(iteration - 1);
        using var value = annealed.Loss.forward(annealed.Embeddings, annealed.Labels);
        Assert.That(value.item<double>(), Is.EqualTo(constant.Value()).Within(1e-9));
        Assert.That(value.item<double>(), Is.Not.EqualTo(other.Value()).Within(1e-7));
    }

    [TestCase(0, "k = 0; must be at least 1")]
    [TestCase(7, "k = 7 with 7 identities; must be in [1, 6]")]
    public void More_negatives_than_exist_are_refused(int k, string reason) =>
        Assert.That(() => new NptOptions { K = k }.Build(Shape), Refusal(reason));

    [Test]
    public void Two_margins_for_one_loss_are_refused() =>
        Assert.That(() => new NptOptions { Delta = 1, CosineMargin = 0.3 }.Build(Shape), Refusal("delta and cosineMargin"));

    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    public void A_scale_out_of_range_is_refused(double scale) =>
        Assert.That(() => new ArcFaceOptions { Scale = scale }.Build(Shape), Refusal("scale = "));

    [Test]
    public void A_loss_added_by_a_file_is_found() =>
        Assert.That(Catalog.RecordsOf<LossOptions>().Keys, Does.Contain("DroppedIn").And.Contain("Npt").And.Contain("ArcFace"));

    private static NUnit.Framework.Constraints.Constraint Refusal(string reason) =>
        Throws.InstanceOf<ArgumentException>().With.Message.Contains(reason);
}
