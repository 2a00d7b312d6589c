using System.Diagnostics;
using Ablation.Harness.Batches;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Planning;

/// <summary>
/// Everything that the speed of a training depends on; trials that differ only in other options (seed, epochs, rates, augmentation) share
/// it.
/// </summary>
/// <param name="Classes">Number of identities.</param>
/// <param name="Device">As Torch writes it: cpu, cuda:0.</param>
/// <param name="Threads">Threads of libtorch.</param>
public sealed record TrainingCase(BackboneOptions Backbone, int Resolution, TrainingOptions Training, LossOptions Loss, int Classes,
    string Device, int Threads)
{
    private const double Rate = 1e-6; // with random labels, a larger rate could drive the loss to infinity

    /// <summary>Builds the case; sets every option that does not affect the speed to a fixed value.</summary>
    public static TrainingCase Build(BackboneOptions backbone, int resolution, TrainingOptions training, LossOptions loss, int classes,
        Device device, int threads) => new(backbone, resolution,
        training with
        {
            Epochs = 1,
            LearningRate = Rate,
            ProxyRateFactor = 1,
            ProxyMemoryEpochs = null,
            ProxyStart = new NormalOptions(),
            DropLast = true,
            Schedule = new StepOptions { At = [] },
            Pace = SchedulePace.Step,
            WarmUpEpochs = 0,
            Augment = AugmentOptions.Off,
            OnBadImage = OnBadImage.Stop,
            Stop = null,
        },
        loss, classes, device.ToString(), threads);
}

/// <summary>Everything that the speed of embedding depends on.</summary>
public sealed record EmbeddingCase(BackboneOptions Backbone, int Resolution, string Device, int Threads);

/// <summary>
/// Measures speed on this machine briefly, on random images in memory, without reading, decoding and augmenting.
/// </summary>
public static class SpeedProbe
{
    /// <summary>Minimum duration of one measurement, without its first step.</summary>
    public const double Seconds = 1.5;

    private const int FewImages = 32;
    private const double LongStep = 5; // seconds; of a longer step only a part is measured

    /// <summary>
    /// Measures optimiser steps per second with the loop that trials train with: forward, loss, backward, step. On a CPU, where a step
    /// takes time in proportion to its images, a step of more than five seconds is estimated from a step of fewer images.
    /// </summary>
    public static double StepsPerSecond(TrainingCase one, Device device, double seconds = Seconds)
    {
        var micro = Math.Max(1, one.Training.Batch / one.Training.Accumulate);
        var few = Math.Min(FewImages, micro);
        if (device.type == DeviceType.CPU && few < one.Training.Batch)
        {
            var whole = SecondsPerStep(one with { Training = one.Training with { Batch = few, Accumulate = 1 } }, device, 0)
                * one.Training.Batch / few;
            if (whole > LongStep) return 1 / whole;
        }

        return 1 / SecondsPerStep(one, device, seconds);
    }

    /// <summary>Measures images per second, each embedded with its mirror image.</summary>
    public static double EmbeddedPerSecond(EmbeddingCase one, Device device, double seconds = Seconds)
    {
        set_num_threads(one.Threads);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var inference = Chain.Inference();
        using var backbone = one.Backbone.Build(one.Resolution);
        backbone.to(device);
        ChannelsLast.Apply(backbone);
        backbone.eval();
        var batch = device.type == DeviceType.CPU ? FewImages / 2 : 4 * FewImages;
        var images = ChannelsLast.Convert(randn(batch, 3, one.Resolution, one.Resolution, device: device));
        Once();
        var clock = Stopwatch.StartNew();
        var passes = 0;
        for (; passes == 0 || clock.Elapsed.TotalSeconds < seconds; passes++) Once();
        return passes * batch / clock.Elapsed.TotalSeconds / 2;

        void Once()
        {
            using var inner = NewDisposeScope();
            backbone.forward(images);
            if (device.type == DeviceType.CUDA) cuda.synchronize();
        }
    }

    private static double SecondsPerStep(TrainingCase one, Device device, double seconds)
    {
        set_num_threads(one.Threads);
        using var scope = NewDisposeScope();
        using var backbone = one.Backbone.Build(one.Resolution);
        using var loss = one.Loss.Build(new LossShape(one.Classes, one.Backbone.EmbeddingDimension));
        using (var generator = new Generator(1)) loss.InitialiseProxies(generator);
        backbone.to(device);
        loss.to(device);
        var images = new RandomImages(Math.Max(1, one.Training.Batch / one.Training.Accumulate), one.Resolution, one.Classes,
            one.Training.Accumulate, device, seconds);
        new Trainer(backbone, loss, one.Training, device).Train(images, null, CancellationToken.None);
        return images.SecondsPerStep ?? throw new InvalidOperationException("the measured training ended before its first step");
    }
}
