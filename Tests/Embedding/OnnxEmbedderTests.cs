using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Tests.Weights;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Ablation.Tests.Embedding;

/// <summary>A network in an ONNX file embeds as libtorch computes it, from the colours, mean and scale that are given.</summary>
public sealed class OnnxEmbedderTests
{
    private const int Size = 6, Dimension = 5;
    private TemporaryFolder folder = null!;
    private DisposeScope scope = null!;

    [SetUp]
    public void Make() => (folder, scope) = (new TemporaryFolder(), NewDisposeScope());

    [TearDown]
    public void Remove()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private static readonly InputForm[] Forms =
    [
        new(ColourOrder.Rgb, 127.5, 127.5), new(ColourOrder.Bgr, 127.5, 127.5), new(ColourOrder.Rgb, 0, 255),
        new(ColourOrder.Bgr, 0, 1, FlipFusion.ImageOnly),
    ];

    [Test]
    public void It_embeds_what_libtorch_computes([ValueSource(nameof(Forms))] InputForm form, [Values(1, 7)] int count,
        [Values(false, true)] bool oneByOne)
    {
        var (kernel, matrix) = (randn(4, 3, 3, 3), randn(Dimension, 4 * Size * Size));
        using var network = Open(Graph(kernel, matrix, batch: oneByOne ? 1 : null).File());
        Assert.That((network.Size, network.Dimension, network.IsOneByOne), Is.EqualTo(((int?)Size, (int?)Dimension, oneByOne)));
        var values = randint(0, 256, [count, 3, Size, Size]).to(ScalarType.Float32);
        var batch = new Batch(count, Size, labelled: false) { Count = count };
        for (var item = 0; item < count; item++)
            ((values[item] - 127.5) / 127.5).data<float>().ToArray().CopyTo(batch.PixelsOf(item));

        // the field's own words: OpenCV's order is BGR, (v - mean) / scale
        var input = form.Colour == ColourOrder.Rgb ? values : stack([values[.., 2], values[.., 1], values[.., 0]], 1);
        input = (input - form.Mean) / form.Scale;
        var (plain, mirrored) = (Compute(input), Compute(input.flip(3)));
        var expected = form.Fusion == FlipFusion.Sum ? plain + mirrored : plain;
        using var embedder = new OnnxEmbedder(network, Size, form);
        var rows = embedder.Embed(batch, [FlipFusion.Sum, FlipFusion.ImageOnly]);
        Assert.That(Error(rows[0], expected), Is.LessThan(1e-5));
        Assert.That(Error(rows[1], plain), Is.LessThan(1e-5));

        Tensor Compute(Tensor x) => F.linear(F.conv2d(x, kernel, padding: [1, 1]).flatten(1), matrix);
    }

    [Test]
    public void The_key_of_a_cache_holds_the_file_and_every_setting()
    {
        using var one = Open(Graph(randn(4, 3, 3, 3), randn(Dimension, 4 * Size * Size)).File());
        using var other = Open(Graph(randn(4, 3, 3, 3), randn(Dimension, 4 * Size * Size)).File());
        var keys = Forms.Append(Forms[0] with { Fusion = FlipFusion.ImageOnly })
            .SelectMany(form => new[] { one, other }.Select(network => new OnnxEmbedder(network, Size, form).Key)).ToList();
        Assert.That(keys, Is.Unique);
    }

    [TestCase("Sub_1", "Mul_2", true)]
    [TestCase("_minusscalar0", "_mulscalar0", true)]
    [TestCase("Sub_1", "Add_2", false)]
    [TestCase("Conv_1", "Conv_2", false)]
    public void Insightfaces_rule_finds_graphs_that_normalise_themselves(string first, string second, bool expected)
    {
        using var network = Open(new OnnxWriter().Input("data", null, 3, Size, Size).Weight("mean", tensor(127.5f))
            .Weight("scale", tensor(1 / 128f)).Node("Sub", first, ["data", "mean"], "a").Node("Mul", second, ["a", "scale"], "b")
            .Node("Flatten", "f", ["b"], "out").Output("out", null, 3 * Size * Size).File());
        Assert.That(network.Head.NormalisesItself, Is.EqualTo(expected));
    }

    [Test]
    public void A_ninth_node_does_not_count()
    {
        var graph = new OnnxWriter().Input("data", null, 3, Size, Size).Weight("mean", tensor(1f))
            .Node("Mul", "Mul_0", ["data", "mean"], "x0");
        for (var i = 0; i < 7; i++) graph.Node("Identity", $"Identity_{i}", [$"x{i}"], $"x{i + 1}");
        using var network = Open(graph.Node("Sub", "Sub_9", ["x7", "mean"], "b").Node("Flatten", "f", ["b"], "out")
            .Output("out", null, 3 * Size * Size).File());
        Assert.That(network.Head.NormalisesItself, Is.False);
    }

    [Test]
    public void Notes_are_read()
    {
        using var network = Open(Graph(randn(4, 3, 3, 3), randn(Dimension, 4 * Size * Size)).File(("colour", "rgb"), ("mean", "127.5")));
        Assert.That(network.Head.Notes, Is.EquivalentTo(new Dictionary<string, string> { ["colour"] = "rgb", ["mean"] = "127.5" }));
    }

    [Test]
    public void Damaged_files_and_other_graphs_are_refused()
    {
        var sound = Graph(randn(4, 3, 3, 3), randn(Dimension, 4 * Size * Size)).File();
        for (var length = 0; length < sound.Length; length += 211) Refused(sound[..length]);
        Refused([.. sound, 0x0a, 0xff, 0xff, 0x7f]);
        // graph { initializer { external_data { } } }
        Assert.That(Refused([.. sound, 0x3a, 0x04, 0x2a, 0x02, 0x6a, 0x00]), Does.Contain("its weights are in a second file"));
        Refused("<html>"u8.ToArray());
        Assert.That(Refused(new OnnxWriter().Input("data", null, Size, Size, 3).Node("Flatten", "f", ["data"], "out")
            .Output("out", null, 108).File()), Does.Contain("its inputs are \"data\" -1 x 6 x 6 x 3"));
        Assert.That(Refused(new OnnxWriter().Input("data", null, 3, Size, Size + 1).Node("Flatten", "f", ["data"], "out")
            .Output("out", null, 126).File()), Does.Contain("only squares"));
        Assert.That(Refused(new OnnxWriter().Input("data", null, 3, Size, Size).Node("Identity", "f", ["data"], "out")
            .Output("out", null, 3, Size, Size).File()), Does.Contain("its outputs are"));
    }

    private string Refused(byte[] file) => Assert.Throws<DataProblem>(() => Open(file).Dispose())!.Message;

    private OnnxNetwork Open(byte[] file)
    {
        var path = folder.File($"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, file);
        return new OnnxNetwork(path, threads: 1);
    }

    private static OnnxWriter Graph(Tensor kernel, Tensor matrix, long? batch = null) => new OnnxWriter()
        .Input("data", batch, 3, Size, Size)
        .Weight("kernel", kernel).Weight("matrix", matrix.t().contiguous())
        .Node("Conv", "Conv_0", ["data", "kernel"], "maps", ("kernel_shape", [3, 3]), ("pads", [1, 1, 1, 1]))
        .Node("Flatten", "Flatten_1", ["maps"], "flat").Node("MatMul", "MatMul_2", ["flat", "matrix"], "out")
        .Output("out", batch, Dimension);

    private static double Error(float[] actual, Tensor expected) =>
        (tensor(actual).view(expected.shape) - expected).abs().max().item<float>() / expected.abs().max().item<float>();
}
