using Ablation.Experiments.Scheduling;
using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Faces;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The loop gets the same images from host and device, and the same accuracy in float32 and bfloat16.</summary>
public sealed class TrainingImagesTests
{
    private static readonly AugmentOptions Flip = AugmentOptions.Off with { FlipProbability = 0.5 };

    [TestCase(true)]
    [TestCase(false)]
    public void A_batch_becomes_a_tensor_of_the_same_pixels(bool channelsLast)
    {
        using var scope = NewDisposeScope();
        using var source = new FakeSource(9, 3);
        foreach (var batch in new BatchStream(source, 10, 4, Flip, new BatchOptions { BatchSize = 5, Workers = 1, DropLast = false })
            .Read(0, 2))
        {
            var images = ImageTensors.ToDevice(batch, CPU, channelsLast);
            Assert.That(images.shape, Is.EqualTo(new long[] { batch.Count, 3, 10, 10 }));
            Assert.That(images.stride(1), Is.EqualTo(channelsLast ? 1 : 100));
            Assert.That(images.contiguous().data<float>().ToArray(), Is.EqualTo(batch.Pixels[..(batch.Count * 300)]));
        }
    }

    [Test]
    public void A_resident_set_gives_the_tensors_of_the_host()
    {
        using var scope = NewDisposeScope();
        using var source = new FakeSource(45, 3);
        var options = new BatchOptions { BatchSize = 8, Workers = 2 };
        var host = new HostImages(new BatchStream(source, 12, 11, Flip, options), CPU);
        using var resident = new ResidentImages(new ResidentFaces(source, 12, 11, Flip, options, long.MaxValue), 12, 8, CPU);
        Assert.That(resident.StepsPerEpoch, Is.EqualTo(host.StepsPerEpoch));
        Assert.That(Read(resident), Is.EqualTo(Read(host)));

        static List<string> Read(TrainingImages images) =>
            [.. images.Read(0, 2 * images.StepsPerEpoch, CancellationToken.None).Select(batch =>
                $"{batch.Step} {string.Join(' ', batch.Labels.Take(batch.Count))} {string.Join(' ', batch.Indices.Take(batch.Count))} "
                + string.Join(' ', images.Images(batch, channelsLast: true).contiguous().data<float>().ToArray()))];
    }

    [Test]
    public void Waiting_for_a_slow_source_is_counted()
    {
        using var source = new FakeSource(16, 4, side: 16) { OnRead = _ => Thread.Sleep(20) };
        using var model = new TinyModel();
        var run = new Trainer(model.Backbone, model.Loss, TinyModel.Plain with { Epochs = 3 }, CPU)
            .Train(TinyModel.TinyBatches(source, 8), null, CancellationToken.None);
        Assert.That(run.WaitedSeconds, Is.GreaterThan(0.2).And.LessThanOrEqualTo(run.Seconds),
            "five batches of eight pictures after the first, 20 ms each on one thread");
        Assert.That(Tiny.Run(Tiny.Spec(new SoftmaxOptions())).Result.WaitedShare, Is.GreaterThanOrEqualTo(0).And.LessThan(1));
        Assert.That(Tiny.Run(Tiny.Spec(new SoftmaxOptions(), training: Tiny.Training with { Epochs = 0 })).Result.WaitedShare, Is.Null);
    }

    [Test]
    public void A_run_reports_waiting_for_images()
    {
        var result = Tiny.Run(Tiny.Spec(new SoftmaxOptions())).Result;
        Assert.That(Said(result with { WaitedShare = 0.37 }), Does.Contain("waited for images 37 % of the training"));
        Assert.That(Said(result with { WaitedShare = 0.004 }), Does.Not.Contain("waited"));

        static string Said(TrialResult result)
        {
            using var output = new StringWriter();
            using (var view = new PlainPoolView(output, TimeProvider.System)) view.End(0, result, TimeSpan.Zero);
            return output.ToString();
        }
    }

    [Category("Slow")]
    [Test]
    public void BFloat16_holds_the_accuracy_of_float32()
    {
        var spec = Tiny.Spec(new CosFaceOptions { Scale = 16 },
            training: new TrainingOptions { Epochs = 6, Batch = 32, WarmUpEpochs = 1 }) with
        {
            Backbone = new SmallOptions { Width = 16, EmbeddingDimension = 64 },
            Resolution = 32,
            Data = TinyModel.TinyFaces with { Identities = 24, ImagesPerIdentity = 16, Resolution = 32 },
            Tests = [new SyntheticPairsOptions { Pairs = 600, Resolution = 32 }],
        };
        var exact = Area(spec);
        var half = Area(spec with { Training = spec.Training with { Precision = Precision.BFloat16 } });
        var untrained = Area(spec with { Training = spec.Training with { Epochs = 0 } });
        TestContext.Out.WriteLine($"area under the curve: {exact:F4} float32, {half:F4} bfloat16, {untrained:F4} untrained");
        Assert.That(exact, Is.GreaterThan(untrained + 0.05), "the network learns");
        Assert.That(half, Is.EqualTo(exact).Within(0.02));

        static double Area(TrialSpec spec) => Tiny.Run(spec).Result.Metrics.First(metric => metric.Name == "AUC").Value!.Value;
    }

    [Test]
    public void Depthwise_strides_in_bfloat16_have_the_gradient_of_float32()
    {
        using var scope = NewDisposeScope();
        var exact = Gradients(Precision.Float32);
        var half = Gradients(Precision.BFloat16);
        Assert.Multiple(() =>
        {
            foreach (var (name, one, other) in exact.Zip(half, (one, other) => (one.Name, one.Gradient, other.Gradient)))
                Assert.That(((one * other).sum() / one.norm() / other.norm())
                    .item<float>(), Is.GreaterThan(0.998), $"cosine of the two, {name}");
        });

        // one layer and the next: in a whole network rounding turns the gradient further, by an amount that depends on the processor
        static List<(string Name, Tensor Gradient)> Gradients(Precision precision)
        {
            manual_seed(5);
            var layer = MobileFaceNet.Layer(32, 32, 3, stride: 2, groups: 32);
            ChannelsLast.Apply(layer);
            var images = ChannelsLast.Convert(randn(16, 32, 16, 16));
            using var tape = Tape.Start(usesKernels: true, checkpoints: false, () => Autocast.For(precision, CPU));
            Tensor maps;
            using (Autocast.For(precision, CPU)) maps = Chain.Run(layer, images);
            maps.backward([randn(16, 32, 8, 8, generator: new Generator(3)).to(maps.dtype)]);
            tape.Backward();
            return [.. layer.named_parameters().Select(one => (one.name, one.parameter.grad!))];
        }
    }
}
