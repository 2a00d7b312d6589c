using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The memory of UniTSFace: what it holds, when it counts, and what it adds to the loss.</summary>
public sealed class UniTsFaceTests
{
    private const int Classes = 6, Dimension = 4;
    private static readonly UniTsFaceOptions Options = new() { Scale = 8, CosineMargin = 0.3, MemoryMargin = 0.2 };
    private static readonly long[] First = [0, 1, 2, 1, 4], Second = [1, 3, 0, 4]; // identity 3 has no embedding, nor has 5

    private static IEnumerable<HeadOptions> Heads() =>
    [
        new() { Implementation = HeadImplementation.Straight },
        new() { Implementation = HeadImplementation.Stored },
        new() { Implementation = HeadImplementation.Tiled },
        new() { Implementation = HeadImplementation.Tiled, Kernel = HeadKernel.Libtorch },
    ];

    [Test]
    public void The_second_epoch_adds_the_papers_term_over_what_the_first_left()
    {
        foreach (var head in Heads())
            foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
            {
                using var loss = Built(head, type);
                var (a, b) = (Rows(5, 1, type), Rows(4, 2, type));
                Pass(loss, a, First);
                Assert.That(loss.Followed, Is.Empty, "there is no b yet");
                loss.Epoch = 1;
                var (value, gradient) = Pass(loss, b, Second);

                // by hand: the last embedding of each identity of the first epoch
                var memory = new Dictionary<long, double[]>();
                foreach (var (row, label) in Doubles(a).Zip(First)) memory[label] = row;
                var threshold = memory.Average(one => Math.Log(memory.Where(entry => entry.Key != one.Key)
                    .Sum(entry => Math.Exp(8 * LossOracle.Cosine(one.Value, entry.Value)))));
                var proxies = Doubles(loss.proxies);
                double Sample(double[] x, long label)
                {
                    var sum = LossOracle.Sample(new CosFaceOptions { Scale = 8, CosineMargin = 0.3 }, x, proxies, [], (int)label);
                    if (!memory.TryGetValue(label, out var own)) return sum;
                    sum += Math.Log(1 + Math.Exp(threshold - 8 * (LossOracle.Cosine(x, own) - 0.2)));
                    return sum + memory.Where(entry => entry.Key != label)
                        .Sum(entry => Math.Log(1 + Math.Exp(8 * LossOracle.Cosine(x, entry.Value) - threshold)));
                }

                var tolerance = type == ScalarType.Float64 ? 1e-9 : 1e-4;
                Assert.That(value, Is.EqualTo(Doubles(b).Zip(Second).Average(one => Sample(one.First, one.Second))).Within(tolerance),
                    $"{head.Implementation}, {type}");
                var x = Doubles(b);
                for (var i = 0; i < x.Length; i++)
                    for (var d = 0; d < Dimension; d++)
                    {
                        var at = x[i][d];
                        x[i][d] = at + 1e-6;
                        var above = Sample(x[i], Second[i]);
                        x[i][d] = at - 1e-6;
                        var below = Sample(x[i], Second[i]);
                        x[i][d] = at;
                        Assert.That(gradient[i][d], Is.EqualTo((above - below) / 2e-6 / x.Length).Within(100 * tolerance + 1e-7));
                    }
            }
    }

    [Test]
    public void Pieces_of_a_batch_see_the_memory_of_the_step_before()
    {
        using var whole = Built(new HeadOptions(), ScalarType.Float64);
        using var pieces = Built(new HeadOptions(), ScalarType.Float64);
        pieces.PassesPerStep = 2;
        foreach (var epoch in new[] { 0, 1, 1 })
        {
            (whole.Epoch, pieces.Epoch) = (epoch, epoch);
            var x = Rows(4, 3 + epoch, ScalarType.Float64);
            long[] labels = [1, 2, 1, 2];
            var expected = Pass(whole, x, labels).Value;
            var first = Pass(pieces, x.narrow(0, 0, 2), labels[..2]).Value;
            var second = Pass(pieces, x.narrow(0, 2, 2), labels[2..]).Value;
            Assert.That((first + second) / 2, Is.EqualTo(expected).Within(1e-10), "the second piece does not see the first");
            Assert.That(Memory(pieces).allclose(Memory(whole), 1e-12, 1e-12));
        }
    }

    [Test]
    public void A_training_that_resumes_inside_an_epoch_goes_on_as_it_was()
    {
        using var straight = Built(new HeadOptions(), ScalarType.Float32);
        Pass(straight, Rows(5, 1, ScalarType.Float32), First);
        straight.Epoch = 1;
        Pass(straight, Rows(4, 2, ScalarType.Float32), Second); // identity 3 now has an embedding, but not in this epoch
        using var resumed = Built(new HeadOptions(), ScalarType.Float32);
        using (no_grad())
            foreach (var (name, value) in straight.state_dict()) resumed.state_dict()[name].copy_(value.detach());
        resumed.Epoch = 1;
        foreach (var seed in new[] { 4, 5 })
        {
            var (expected, actual) = (Pass(straight, Rows(4, seed, ScalarType.Float32), Second), Pass(resumed,
                Rows(4, seed, ScalarType.Float32), Second));
            Assert.That(actual.Value, Is.EqualTo(expected.Value));
            Assert.That(actual.Gradient, Is.EqualTo(expected.Gradient));
        }
    }

    private static FaceLoss Built(HeadOptions head, ScalarType type)
    {
        var loss = (FaceLoss)Options.Build(new LossShape(Classes, Dimension)).to(type);
        using (var generator = new Generator(9))
        using (no_grad()) loss.proxies.copy_(randn(Classes, Dimension, ScalarType.Float64, generator: generator));
        loss.Configure(head);
        loss.train();
        return loss;
    }

    private static (double Value, double[][] Gradient) Pass(FaceLoss loss, Tensor rows, long[] labels)
    {
        using var x = rows.detach().clone().requires_grad_();
        loss.Gradient.Clear();
        using var pass = loss.Begin(x, tensor(labels));
        pass.Backward();
        return (pass.Value.to(ScalarType.Float64).item<double>(), Doubles(x.grad!));
    }

    private static Tensor Memory(FaceLoss loss) => loss.named_buffers().First(buffer => buffer.name == "memory").buffer;

    private static Tensor Rows(int count, int seed, ScalarType type)
    {
        using var generator = new Generator((ulong)seed);
        return randn(count, Dimension, ScalarType.Float64, generator: generator).to(type);
    }

    private static double[][] Doubles(Tensor rows) =>
        rows.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray().Chunk((int)rows.shape[1]).ToArray();
}
