using Ablation.Harness.Native;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>A network and a head with a way to train them: what the whole loop and the bare network share.</summary>
internal sealed class TrainSubject : IDisposable
{
    /// <param name="identities">Of the training faces: the proxies' number.</param>
    public TrainSubject(TrainCase one, int identities)
    {
        Case = one;
        Device = Devices.Find(one.Device);
        manual_seed(1);
        Backbone = one.Backbone.Build(one.Pixels);
        Loss = one.LossOptions.Build(new LossShape(identities, one.Backbone.EmbeddingDimension));
        using (var generator = new Generator(2)) Loss.InitialiseProxies(generator);
        Backbone.to(Device);
        Loss.to(Device);
    }

    public TrainCase Case { get; }

    public Device Device { get; }

    public Backbone Backbone { get; }

    public FaceLoss Loss { get; }

    /// <summary>One epoch of what suites have by default, at a rate so low that no loss can diverge within a measurement.</summary>
    public TrainingOptions Options =>
        new() { Epochs = 1, Batch = Case.Batch, LearningRate = 1e-4, WarmUpEpochs = 0, Precision = Case.Precision };

    public void Dispose()
    {
        Backbone.Dispose();
        Loss.Dispose();
    }
}
