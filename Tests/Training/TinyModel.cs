using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>A linear network and a loss with fixed initial values, and 16 faces: steps can be computed by hand.</summary>
public sealed class TinyModel : IDisposable
{
    /// <summary>One plain gradient step per batch: no momentum, decay, schedule or augmentation.</summary>
    public static readonly TrainingOptions Plain = new()
    {
        Epochs = 1,
        Batch = 8,
        LearningRate = 0.5,
        Momentum = 0,
        Nesterov = false,
        WarmUpEpochs = 0,
        Augment = AugmentOptions.Off,
        Schedule = new StepOptions { At = [] },
        Decay = new DecayOptions { Backbone = 0, Fc = 0, Proxies = 0 },
    };

    public static readonly SyntheticOptions TinyFaces = new() { Identities = 4, ImagesPerIdentity = 4, Resolution = 16 };

    public TinyModel(LossOptions? options = null)
    {
        manual_seed(3);
        Backbone = new LinearBackbone(16, 6);
        Loss = (options ?? new CosFaceOptions { Scale = 4, CosineMargin = 0.1 }).Build(new LossShape(4, 6));
        using var generator = new Generator(4);
        Loss.InitialiseProxies(generator);
    }

    public LinearBackbone Backbone { get; }

    public FaceLoss Loss { get; }

    public TrainingRun Run { get; private set; } = new([], 0, 0, 0, 0, null);

    public Tensor Weight => Backbone.EmbeddingLayer().First();

    public Tensor Bias => Backbone.EmbeddingLayer().Last();

    public static BatchStream TinyBatches(FaceSource source, int size) =>
        new(source, 16, 7, AugmentOptions.Off, new BatchOptions { BatchSize = size, Workers = 1 });

    public static TinyModel Train(TrainingOptions options, int microBatch, LossOptions? loss = null)
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        var model = new TinyModel(loss);
        model.Run = new Trainer(model.Backbone, model.Loss, options, CPU)
            .Train(TinyBatches(source, microBatch), null, CancellationToken.None);
        return model;
    }

    /// <summary>Returns the gradient of the current weights over all 16 faces.</summary>
    public (Tensor Weight, Tensor Bias, Tensor Proxies) Gradient()
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        Backbone.zero_grad();
        Loss.zero_grad();
        foreach (var batch in TinyBatches(source, 16).Read(0, 1))
            Loss.forward(Backbone.forward(tensor(batch.Pixels).view(16, 3, 16, 16)), tensor(batch.Labels)).backward();
        return (Weight.grad!.clone(), Bias.grad!.clone(), Loss.proxies.grad!.clone());
    }

    public void Dispose()
    {
        Backbone.Dispose();
        Loss.Dispose();
    }
}
