using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Losses.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Kernels;

/// <summary>With kernels and tape, a network's values and gradients equal those of libtorch's autograd.</summary>
public sealed class TapeTests
{
    public static IEnumerable<TestCaseData> Networks() =>
        from found in Catalog.RecordsOf<BackboneOptions>()
        from resolution in new[] { 32, 37 } // with maps of odd size
        let options = (BackboneOptions)Activator.CreateInstance(found.Value)!
        where options.Accepts(resolution)
        let size = options is IResNetOptions deep ? deep with { Depth = IResNetDepth.R18 } : options
        select Case(size, resolution, found.Key);

    // the deep networks take three times as long as the others
    private static TestCaseData Case(BackboneOptions options, int resolution, string name)
    {
        var made = new TestCaseData(options, resolution).SetArgDisplayNames(name, $"{resolution}");
        return options is ResNet50Options or IResNetOptions ? made.SetCategory("Slow") : made;
    }

    [TestCaseSource(nameof(Networks))]
    public void Gradients_equal_those_of_autograd_in_doubles(BackboneOptions options, int resolution)
    {
        using var scope = NewDisposeScope();
        manual_seed(resolution);
        var images = randn(6, 3, resolution, resolution);
        var slope = randn(6, options.EmbeddingDimension);
        // ReLU and similar: a value that rounding moves across 0 changes a gradient completely
        var kinked = options is SmallOptions or ResNet50Options;
        var expected = Trained(options, resolution, images, slope, Mode.Doubles);
        var plain = Trained(options, resolution, images, slope, Mode.Plain);
        var found = Trained(options, resolution, images, slope, Mode.Tape);
        Assert.That(found.Keys, Is.EquivalentTo(expected.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (name, value) in expected)
            {
                // libtorch's float32 shows how much rounding matters in this network
                var allowed = Math.Max(kinked ? 2e-2 : 2e-5, 4 * Apart(plain[name], value));
                Assert.That(Apart(found[name], value), Is.LessThan(allowed), name);
            }
        });
    }

    [Test, TestCaseSource(nameof(Networks))]
    public void Checkpointing_changes_no_bit(BackboneOptions options, int resolution)
    {
        Checkpointing_changes_no_bit(options, resolution, Precision.Float32);
        if (resolution == 32) Checkpointing_changes_no_bit(options, resolution, Precision.BFloat16);
    }

    private static void Checkpointing_changes_no_bit(BackboneOptions options, int resolution, Precision precision)
    {
        using var scope = NewDisposeScope();
        var images = randn(4, 3, resolution, resolution);
        var slope = randn(4, options.EmbeddingDimension);
        foreach (var (kept, again) in new[] { (Mode.Tape, Mode.TapeTwice), (Mode.Plain, Mode.PlainTwice) })
        {
            var expected = Trained(options, resolution, images, slope, kept, precision);
            var found = Trained(options, resolution, images, slope, again, precision);
            Assert.That(found.Keys, Is.EquivalentTo(expected.Keys));
            Assert.Multiple(() =>
            {
                foreach (var (name, value) in expected) Assert.That(SameBits(found[name], value), $"{again}: {name}");
            });
        }
    }

    [TestCaseSource(nameof(Networks))]
    public void Inference_equals_libtorch(BackboneOptions options, int resolution)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        manual_seed(11);
        using var network = options.Build(resolution);
        ChannelsLast.Apply(network);
        var images = ChannelsLast.Convert(randn(7, 3, resolution, resolution));
        network.call(images); // changes the running statistics
        network.eval();
        var expected = network.call(images);
        Tensor found;
        using (Chain.Inference()) found = network.call(images);
        Assert.That(Apart(found, expected.to(ScalarType.Float64)), Is.LessThan(1e-5));
        Assert.That(found.allclose(expected, rtol: 0, atol: 0), Is.False, "the kernels were not used");
    }

    [Test]
    public void No_tensor_is_left_behind()
    {
        using var network = new MobileFaceNetOptions { EmbeddingDimension = 32 }.Build(32);
        ChannelsLast.Apply(network);
        Step();
        var before = Alive();
        for (var i = 0; i < 5; i++) Step();
        Assert.That(Alive(), Is.EqualTo(before));

        static long Alive()
        {
            GC.Collect(); // handles of other tests
            GC.WaitForPendingFinalizers();
            return Tensor.TotalCount;
        }

        void Step()
        {
            using var scope = NewDisposeScope();
            using var tape = Tape.Start(usesKernels: true, checkpoints: false, () => null);
            foreach (var parameter in network.parameters()) parameter.grad = null;
            network.call(ChannelsLast.Convert(randn(4, 3, 32, 32))).sum().backward();
            tape.Backward();
        }
    }

    [Test]
    public void An_exception_frees_the_tape()
    {
        var before = Tensor.TotalCount;
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = NewDisposeScope();
            using var tape = Tape.Start(usesKernels: true, checkpoints: false, () => null);
            Assert.Throws<InvalidOperationException>(() => Tape.Start(usesKernels: true, checkpoints: false, () => null));
            tape.Segment(randn(2, 2).requires_grad_(), value => value * 2);
            throw new InvalidOperationException();
        });
        Assert.That(Tape.Current, Is.Null);
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    private enum Mode
    {
        Doubles,
        Plain,
        PlainTwice,
        Tape,
        TapeTwice,
    }

    /// <summary>Output, gradients and buffers after one step.</summary>
    private static Dictionary<string, Tensor> Trained(BackboneOptions options, int resolution, Tensor images, Tensor slope, Mode mode,
        Precision precision = Precision.Float32)
    {
        manual_seed(7);
        var network = options.Build(resolution);
        foreach (var module in network.modules().OfType<TorchSharp.Modules.Dropout>()) module.eval();
        using (no_grad())
        {
            // where rounding moves a value across 0, a slope other than 1 would make a large difference
            foreach (var module in network.modules().OfType<TorchSharp.Modules.PReLU>()) module.weight!.fill_(1);
        }

        var x = images;
        if (mode == Mode.Doubles)
            (_, x, slope) = (network.to(ScalarType.Float64), images.to(ScalarType.Float64), slope.to(ScalarType.Float64));
        ChannelsLast.Apply(network);
        using var tape = mode is Mode.Doubles or Mode.Plain
            ? null : Tape.Start(mode is Mode.Tape or Mode.TapeTwice, mode is Mode.PlainTwice or Mode.TapeTwice,
                () => Autocast.For(precision, CPU));
        Tensor y;
        using (Autocast.For(precision, CPU)) y = network.call(ChannelsLast.Convert(x));
        y.backward([slope.to(y.dtype)]);
        tape?.Backward();
        var found = network.named_parameters().Where(one => one.parameter.grad is not null)
            .ToDictionary(one => one.name, one => one.parameter.grad!);
        foreach (var (name, buffer) in network.named_buffers()) found[name] = buffer.to(mode == Mode.Doubles
            ? ScalarType.Float64 : ScalarType.Float32);
        found["output"] = y.detach().to(mode == Mode.Doubles ? ScalarType.Float64 : ScalarType.Float32);
        return found;
    }

    // NUnit boxes every number of two arrays that it compares: minutes for 44 million weights
    private static bool SameBits(Tensor found, Tensor expected) =>
        found.dtype == expected.dtype && found.contiguous().bytes.SequenceEqual(expected.contiguous().bytes);

    private static double Apart(Tensor found, Tensor expected) =>
        ((found.to(ScalarType.Float64) - expected).norm() / expected.norm().clamp_min(1e-9)).item<double>();
}
