using Ablation.Harness.Native;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>A network, a head and training options, shared by the whole loop and the bare network.</summary>
internal sealed class TrainSubject : IDisposable
{
    /// <param name="identities">Number of identities, and so of proxies.</param>
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

    /// <summary>The defaults of suites for one epoch, at a rate so low that no loss diverges within a measurement.</summary>
    public TrainingOptions Options =>
        new() { Epochs = 1, Batch = Case.Batch, LearningRate = 1e-4, WarmUpEpochs = 0, Precision = Case.Precision };

    public void Dispose()
    {
        Backbone.Dispose();
        Loss.Dispose();
    }
}
