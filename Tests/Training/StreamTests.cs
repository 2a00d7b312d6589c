using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Foundations;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>Weights, proxies, batches, dropout masks and drawn identities use the streams of docs/architecture.md.</summary>
public sealed class StreamTests
{
    private const int Seed = 5;

    [Test]
    public void Initial_weights_and_proxies_have_separate_streams()
    {
        var pairing = Tiny.Run(Tiny.Spec(new CosFaceOptions(), Seed, Tiny.Training with { Epochs = 0 })).Result.Pairing;
        string[] proxies = [.. SeedStreamTests.Of(Seed).Values.Select(stream =>
        {
            using var loss = Proxies(new CosFaceOptions(), stream);
            return TrialWeights.Hash([loss.proxies]);
        })];
        Assert.That(proxies, Is.Unique);
        using var drawn = Proxies(new CosFaceOptions(), new SeedStreams(Seed).Proxies);
        Assert.That(pairing.Proxies, Is.EqualTo(TrialWeights.Hash([drawn.proxies])));
        manual_seed(new SeedStreams(Seed).Weights);
        using var backbone = Tiny.Spec(new CosFaceOptions(), Seed).Backbone.Build(16);
        Assert.That(pairing.Weights, Is.EqualTo(TrialWeights.StateHash(backbone)));
    }

    [Test]
    public void A_trial_by_hand_from_the_five_streams_gives_the_same_weights()
    {
        // batches of two, so that more identities are drawn than are in the batch
        var training = Tiny.Training with { Epochs = 1, Batch = 2, Head = new HeadOptions { PartialRate = 0.5 } };
        var spec = Tiny.Spec(new CosFaceOptions { Scale = 8 }, Seed, training) with
        {
            Backbone = new SmallOptions { Width = 4, EmbeddingDimension = 16, Dropout = 0.5 },
        };
        using var scope = NewDisposeScope();
        manual_seed(new SeedStreams(Seed).Weights);
        using var backbone = spec.Backbone.Build(16);
        using var loss = Proxies(spec.Loss, new SeedStreams(Seed).Proxies);
        using var source = spec.Data.Open(Tiny.Place.Data);
        var batches = new BatchStream(source, 16, new SeedStreams(Seed).Pictures, training.Augment,
            new BatchOptions { BatchSize = 2, Workers = 1 });
        new Trainer(backbone, loss, training, CPU, new SeedStreams(Seed).PartialSampling, dropoutSeed: new SeedStreams(Seed).Dropout)
            .Train(batches, null, CancellationToken.None);
        var byHand = TensorBytes.Hash([.. Checkpoint.List(backbone, "backbone"), .. Checkpoint.List(loss, "loss")]);
        Assert.That(Tiny.Run(spec).Result.Weights, Is.EqualTo(byHand));
    }

    private static FaceLoss Proxies(LossOptions options, long stream)
    {
        var loss = options.Build(new LossShape(8, 16));
        using var generator = new Generator((ulong)stream);
        loss.InitialiseProxies(generator);
        return loss;
    }
}
