using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>Stored and tiled kernels, fused and through libtorch, against the straight formulation: value and every gradient.</summary>
public sealed class KernelTests
{
    private static readonly int[] Batches = [1, 7, 64, 512], Classes = [2, 10, 1000, 10572], Dimensions = [2, 128, 512];

    /// <summary>One shape of each kind, for the fast tests; the slow ones have all the others.</summary>
    private static readonly HashSet<(int, int, int)> Few =
        [(1, 2, 2), (1, 1000, 128), (7, 10, 2), (7, 10, 128), (64, 10, 2), (512, 2, 128)];

    public static IEnumerable<LossOptions> Everything() => LossCases.All().Concat(LossCases.Found())
        .Append(new CosFaceOptions { Scale = 80 }); // too large for exponentials without a shift

    private static IEnumerable<HeadOptions> Kernels() =>
        from implementation in new[] { HeadImplementation.Stored, HeadImplementation.Tiled }
        from kernel in Enum.GetValues<HeadKernel>()
        select new HeadOptions { Implementation = implementation, Kernel = kernel };

    [TearDown]
    public void One_thread() => set_num_threads(1);

    [TestCaseSource(nameof(Everything))]
    public void Float32_equals_the_straight_formulation(LossOptions options) =>
    Compare(options, ScalarType.Float32, 1e-5, Shapes(Batches).Where(Few.Contains));

    [Category("Slow"), TestCaseSource(nameof(Everything))]
    public void Float32_equals_the_straight_formulation_in_all_shapes(LossOptions options) =>
    Compare(options, ScalarType.Float32, 1e-5, Others(options, Shapes(Batches)));

    [TestCaseSource(nameof(Everything))]
    public void Float64_equals_the_straight_formulation(LossOptions options) =>
    Compare(options, ScalarType.Float64, 1e-10, Shapes([1, 7]).Where(Few.Contains));

    [Category("Slow"), TestCaseSource(nameof(Everything))]
    public void Float64_equals_the_straight_formulation_in_all_shapes(LossOptions options) =>
    Compare(options, ScalarType.Float64, 1e-10, Others(options, Shapes([1, 7])));

    [TestCaseSource(nameof(Everything)), NonParallelizable]
    public void The_path_of_a_GPU_equals_the_straight_formulation(LossOptions options)
    {
        if (!LossCases.HasKernel(options)) return;
        using var off = CpuPath.SwitchOff();
        Compare(options, ScalarType.Float32, 1e-5, [(7, 10, 2), (64, 10, 128), (7, 1000, 128), (1, 2, 2)]);
        const int tile = 2048;
        using var problem = new KernelProblem(options, batch: 6, 2 * tile + 5, dimension: 3, ScalarType.Float64, seed: 1,
            [tile - 1, tile, tile + 1, 2 * tile + 4, 0, 2 * tile]);
        AgreesInDoubles(problem);
    }

    [TestCaseSource(nameof(Everything))]
    public void A_tile_ends_where_the_next_begins(LossOptions options)
    {
        if (!LossCases.HasKernel(options)) return;
        const int tile = 4096; // of libtorch's kernels on a CPU
        using var problem = new KernelProblem(options, batch: 6, tile + 5, dimension: 3, ScalarType.Float64, seed: 1,
            [tile - 1, tile, tile + 1, tile + 4, 0, tile]);
        AgreesInDoubles(problem);
    }

    [TestCaseSource(nameof(Everything))]
    public void A_proxy_of_tiny_norm_has_the_straight_gradient(LossOptions options)
    {
        if (!LossCases.HasKernel(options)) return;
        using var problem = new KernelProblem(options, batch: 6, classes: 8, dimension: 4, ScalarType.Float64, seed: 2, [0, 1, 2, 3, 4, 5]);
        problem.ShrinkProxy(2, 1e-13); // below the smallest divisor
        problem.ShrinkProxy(7, 1e-13);
        AgreesInDoubles(problem);
    }

    [Test]
    public void Exponentials_of_large_logits_neither_overflow_nor_vanish([Values(64, 65, 1000)] double scale, [Values] bool far)
    {
        var others = far ? Math.PI - 0.2 : 0.1; // radians from the sample, which is at 0; the own proxy is at 1
        var angles = new[] { 1, others, others + 0.1, -others }.Select(angle => new[] { (float)Math.Cos(angle), (float)Math.Sin(angle) });
        var outcomes = new List<(double Value, double[] Gradient)>();
        foreach (var (dtype, implementation) in new[] { (ScalarType.Float64, HeadImplementation.Straight),
            (ScalarType.Float32, HeadImplementation.Stored), (ScalarType.Float32, HeadImplementation.Tiled) })
        {
            using var scope = NewDisposeScope();
            using var loss = (FaceLoss)new ProxyNcaOptions { Radius = Math.Sqrt(scale / 2) }.Build(new LossShape(4, 2)).to(dtype);
            using (no_grad()) loss.proxies.copy_(tensor(angles.SelectMany(one => one).ToArray()).view(4, 2));
            loss.Configure(new HeadOptions { Implementation = implementation, Kernel = HeadKernel.Libtorch });
            var x = tensor(new float[] { 1, 0 }).view(1, 2).to(dtype).requires_grad_();
            using var pass = loss.Begin(x, tensor(new long[] { 0 }));
            pass.Backward();
            outcomes.Add((pass.Value.to(ScalarType.Float64).item<double>(),
                [.. x.grad!.to(ScalarType.Float64).data<double>(), .. loss.proxies.grad!.to(ScalarType.Float64).data<double>()]));
        }

        foreach (var (value, gradient) in outcomes.Skip(1))
        {
            Assert.That(value, Is.EqualTo(outcomes[0].Value).Within(1e-5 * Math.Abs(outcomes[0].Value)));
            Assert.That(KernelProblem.Difference(gradient, outcomes[0].Gradient), Is.LessThan(1e-6 * scale));
        }
    }

    private static void AgreesInDoubles(KernelProblem problem)
    {
        var straight = problem.Run(new HeadOptions { Implementation = HeadImplementation.Straight }, ScalarType.Float64);
        foreach (var head in Kernels())
        {
            var actual = problem.Run(head, ScalarType.Float64);
            Assert.That(actual.Value, Is.EqualTo(straight.Value).Within(1e-10 * Math.Abs(straight.Value)), $"value, {actual.Choice}");
            Assert.That(KernelProblem.Difference(actual.Embeddings, straight.Embeddings), Is.LessThan(1e-10),
                $"gradient of the embeddings, {actual.Choice}");
            foreach (var (name, gradient) in straight.Parameters)
                Assert.That(KernelProblem.Difference(actual.Parameters[name], gradient), Is.LessThan(1e-10),
                    $"gradient of {name}, {actual.Choice}");
        }
    }

    /// <summary>
    /// Two computations in float32 agree no better than each agrees with the exact value. Where the straight one cancels (a
    /// probability near 1, an embedding of two values) it is the less exact one, so its error is added to the tolerance.
    /// </summary>
    private static void Compare(LossOptions options, ScalarType dtype, double tolerance,
        IEnumerable<(int Batch, int Classes, int Dimension)> shapes)
    {
        if (!LossCases.HasKernel(options)) return;
        foreach (var (batch, classes, dimension) in shapes)
        {
            if (options.Problems(new LossShape(classes, dimension)).Any()) continue; // k does not fit
            // a thousand directions in a plane are closer than float32 resolves: which is nearest is undefined
            if (dimension == 2 && classes >= 1000 && options is NptOptions) continue;
            // the others pull alike, nearly all of it along the row; of a plane's thousands float32 keeps too little of the rest
            if (dimension == 2 && classes >= 1000 && options is SphereFace2Options { Gradient: MarginGradient.Detached }) continue;
            set_num_threads(1 + (batch + classes + dimension) % 3);
            using var problem = new KernelProblem(options, batch, classes, dimension, dtype, seed: batch + classes + dimension);
            var exact = problem.Run(new HeadOptions { Implementation = HeadImplementation.Straight }, ScalarType.Float64);
            var straight = problem.Run(new HeadOptions { Implementation = HeadImplementation.Straight }, dtype);
            foreach (var head in Kernels())
            {
                var actual = problem.Run(head, dtype);
                var what = $"{batch} x {classes} x {dimension}, {actual.Choice}";
                Assert.That(actual.Choice.Implementation, Is.Not.EqualTo(HeadImplementation.Straight), what);
                Near([actual.Value], [straight.Value], [exact.Value], $"value, {what}");
                Near(actual.Embeddings, straight.Embeddings, exact.Embeddings, $"gradient of the embeddings, {what}");
                foreach (var (name, gradient) in straight.Parameters) Near(actual.Parameters[name], gradient, exact.Parameters[name],
                    $"gradient of {name}, {what}");
            }
        }

        void Near(double[] actual, double[] straight, double[] exact, string what) =>
            Assert.That(KernelProblem.Difference(actual, straight), Is.LessThan(tolerance + 2 * KernelProblem.Difference(straight, exact)),
                what + $" straight {KernelProblem.Difference(straight, exact)} ours {KernelProblem.Difference(actual, exact)}");
    }

    /// <summary>
    /// Every eighth of the remaining shapes, from a place of its own: variants of a loss mostly follow one another and share them out.
    /// </summary>
    private static IEnumerable<(int, int, int)> Others(LossOptions options, IEnumerable<(int, int, int)> shapes)
    {
        var first = Everything().TakeWhile(other => !other.Equals(options)).Count();
        return shapes.Where(shape => !Few.Contains(shape)).Index().Where(one => (one.Index + first) % 8 == 0).Select(one => one.Item);
    }

    private static IEnumerable<(int Batch, int Classes, int Dimension)> Shapes(int[] batches) =>
        from batch in batches
        from classes in Classes
        from dimension in Dimensions
        where batch * classes <= 64_000 || dimension == 128 // the larger shapes once
        select (batch, classes, dimension);
}
