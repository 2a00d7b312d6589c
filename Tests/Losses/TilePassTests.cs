using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Tiled;
using Ablation.Losses.Options;
using Ablation.Tests.Native.Recording;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The kernels of a GPU pass over a tile as seldom as docs/performance.md says, by count.</summary>
[NonParallelizable, Platform(OperationRecorder.Systems)]
public sealed class TilePassTests
{
    // four tiles of 2,048 classes; B x T is larger than T x D, B x D and C
    private const int Batch = 64, Classes = 8192, Dimension = 8, Tiles = 4;

    private const string Header =
        "| loss | implementation | products forward | passes forward | searches | products backward | passes backward |";

    private sealed record Counted(string Loss, HeadImplementation Implementation, string Forward, string Backward);

    private static IEnumerable<LossOptions> Everything() => LossCases.Found()
        .Where(options => options.GetType().Assembly == typeof(FaceLoss).Assembly && LossCases.HasKernel(options))
        .Append(new ArcFaceOptions { Scale = 65 }).Append(new NptOptions { K = 6 })
        .Append(new MvSoftmaxOptions { Margin = MvMargin.Arc }).Append(new SphereFaceROptions { Version = SphereFaceRVersion.V2 });

    [Test]
    public void The_counts_are_those_of_the_file()
    {
        List<string> lines = [Header, "| --- | --- | ---: | ---: | ---: | ---: | ---: |"];
        foreach (var options in Everything())
            foreach (var implementation in new[] { HeadImplementation.Stored, HeadImplementation.Tiled })
            {
                if (Count(options, implementation) is not { } one) continue;
                lines.Add($"| {one.Loss} | {one.Implementation.ToString().ToLowerInvariant()} | {one.Forward} | {one.Backward} |");
            }

        var path = Path.Combine(Repository.Root, "docs", "benchmarks", "tile-passes.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, string.Join('\n', lines) + "\n");
        Assert.That(lines, Is.EqualTo(File.ReadAllLines(path)), "with UPDATE_GOLDEN=1 it is written; then: pages docs/performance.md");
    }

    /// <summary>
    /// Three passes forward and two backward, but for losses with logits of their own for the others. Those cannot be fewer: libtorch has
    /// no operation that compares with a threshold of each row and computes at once, so a choice is a pass for the mask and one for
    /// <c>where</c>; the product of factor and cosine is a pass forward; and backward the slope and the norms of the proxies are
    /// multiplied to the exponentials, where a scaled cosine carries both in its exponent. NPCFace sums its hard cosines and their
    /// number, SphereFace-R v2 takes angles, and plain softmax sums the gradient of its bias.
    /// </summary>
    [Test]
    public void The_softmax_family_passes_three_times_forward_and_twice_backward_and_NPT_once()
    {
        foreach (var options in Everything())
            foreach (var implementation in new[] { HeadImplementation.Stored, HeadImplementation.Tiled })
            {
                if (!IsNearestOrSoftmax(options) || Count(options, implementation) is not { } one) continue;
                (int Forward, int Backward) most = options switch
                {
                    NptOptions => (1, 0),
                    CurricularFaceOptions => (7, 9),
                    MvSoftmaxOptions or CircleOptions => (6, 6),
                    NpcFaceOptions => (9, 6),
                    SphereFaceROptions { Version: SphereFaceRVersion.V2 } => (8, 16),
                    SoftmaxOptions => (3, 3),
                    _ => (3, 2),
                };
                if (implementation == HeadImplementation.Tiled && most.Backward > 3) most.Backward++; // the cosines again
                Assert.That(int.Parse(one.Forward.Split(" | ")[1]), Is.LessThanOrEqualTo(most.Forward), $"{one}");
                Assert.That(int.Parse(one.Backward.Split(" | ")[1]), Is.LessThanOrEqualTo(most.Backward), $"{one}");
            }
    }

    [TestCase(10_572, 128, 512, ExpectedResult = 4)]
    [TestCase(85_742, 128, 512, ExpectedResult = 4)]
    [TestCase(85_742, 1024, 512, ExpectedResult = 4)]
    [TestCase(360_232, 512, 512, ExpectedResult = 4)]
    [TestCase(2_059_906, 512, 512, ExpectedResult = 16)]
    [TestCase(1000, 128, 512, ExpectedResult = 1)]
    [TestCase(2, 1, 2, ExpectedResult = 1)]
    public int A_few_tiles_hold_all_classes(int classes, int batch, int dimension)
    {
        var width = TileWidth.Of(classes, batch, dimension, sizeof(float));
        Assert.That((long)width * Math.Max(batch, dimension) * sizeof(float), Is.LessThanOrEqualTo(256L << 20));
        return (classes + width - 1) / width;
    }

    /// <summary>Whether it is NPT, or of the softmax family with one proxy per identity.</summary>
    private static bool IsNearestOrSoftmax(LossOptions options)
    {
        using var loss = options.Build(new LossShape(Classes, Dimension));
        return loss.Form is SoftmaxForm { Centers: 1 } || options is NptOptions;
    }

    private static Counted? Count(LossOptions options, HeadImplementation implementation)
    {
        using var scope = NewDisposeScope();
        using var off = CpuPath.SwitchOff();
        using var loss = options.Build(new LossShape(Classes, Dimension));
        using (var generator = new Generator(1)) loss.InitialiseProxies(generator);
        loss.Configure(new HeadOptions { Implementation = implementation });
        var x = randn(Batch, Dimension).requires_grad_();
        var labels = randint(0, Classes, [Batch], ScalarType.Int64);
        using var recorder = new OperationRecorder();
        using var pass = loss.Begin(x, labels);
        if (pass.Choice.Implementation != implementation) return null; // NPT keeps nothing
        var forward = Text(recorder.Operations, searches: true);
        recorder.Clear();
        pass.Backward();
        var variant = options switch
        {
            ArcFaceOptions { Scale: > 64 } => " (scale above 64)",
            MvSoftmaxOptions { Margin: MvMargin.Arc } => " (arc)",
            SphereFaceROptions { Version: SphereFaceRVersion.V2 } => " (v2)",
            NptOptions { K.Value: > 1 } npt => $" (k {npt.K})",
            _ => "",
        };
        return new Counted(Catalog.NameOf(options) + variant, implementation, forward, Text(recorder.Operations, searches: false));
    }

    private static string Text(IEnumerable<RecordedOperation> operations, bool searches)
    {
        var (products, passes, largest) = new TilePasses((long)Batch * Classes / Tiles).Count(operations);
        Assert.That(products % Tiles + passes % Tiles + largest % Tiles, Is.Zero, "the same for each tile");
        return $"{products / Tiles} | {passes / Tiles}" + (searches ? $" | {largest / Tiles}" : "");
    }
}
