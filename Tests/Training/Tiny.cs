using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;
using TorchSharp;

namespace Ablation.Tests.Training;

/// <summary>Trials that take a second.</summary>
public static class Tiny
{
    public static readonly TrainingOptions Training = new() { Epochs = 2, Batch = 16, WarmUpEpochs = 0.5 };

    public static TrialPlace Place => new(new DataRoot("."), torch.CPU, 1);

    public static TrialSpec Spec(LossOptions loss, int seed = 1, TrainingOptions? training = null) => new(
        loss,
        new SmallOptions { Width = 4, EmbeddingDimension = 16 },
        16,
        new SyntheticOptions { Identities = 8, ImagesPerIdentity = 8, Resolution = 32 },
        [new SyntheticPairsOptions { Pairs = 100, Resolution = 32 }],
        training ?? Training,
        seed);

    public static TrainingCase TrainingCase(TrialSpec spec, int classes, torch.Device device, int threads) =>
        Ablation.Harness.Planning.TrainingCase.Build(spec.Backbone, spec.Resolution, spec.Training, spec.Loss, classes, device, threads);

    public static TrialOutput Run(TrialSpec spec) => Trial.Run(spec, "label", Place, null, CancellationToken.None);
}
