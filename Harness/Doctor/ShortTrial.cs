using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Harness.Doctor;

/// <summary>A trial of a few steps on a few painted faces.</summary>
internal sealed record ShortTrial(LossOptions Loss, BackboneOptions Network, int Seed, Precision Precision = Precision.Float32)
{
    private const int Pixels = 32, Identities = 8, ImagesPerIdentity = 4, Batch = 8;

    public TrialSpec Spec => new(Loss, Network, Pixels,
        new SyntheticOptions { Identities = Identities, ImagesPerIdentity = ImagesPerIdentity, Resolution = Pixels }, [],
        new TrainingOptions { Epochs = 1, Batch = Batch, WarmUpEpochs = 0, Precision = Precision }, Seed);

    public TrialPlace Place(DoctorSubject on) => new(new DataRoot(on.Folder), on.Device, on.Threads);
}
