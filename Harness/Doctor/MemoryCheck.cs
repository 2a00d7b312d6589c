using Ablation.Harness.Batches;
using Ablation.Harness.Native;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>Trains some steps and compares the most memory that they took with the prediction of <c>plan</c>.</summary>
public sealed class MemoryCheck : IDoctorCheck
{
    private const int Classes = 10572, Steps = 3; // memory peaks by the second step

    /// <summary>The prediction must cover what was measured, up to this factor.</summary>
    public const double MostOverPrediction = 1.2;

    private const long Meanwhile = 64L << 20; // libraries are loaded and code is compiled at the first training

    public string Title => "Peak memory";

    public int Place => 100;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        var network = new MobileFaceNetOptions();
        var training = new TrainingOptions { Epochs = 1, Batch = on.Scale.SpeedBatch, LearningRate = 1e-6, Augment = AugmentOptions.Off };
        var predicted = WorkingSet.Predict(new MemoryCase(network, on.Scale.SpeedPixels, training, Classes, 0), on.Device,
            new LoopOptions());
        const string name = "MobileFaceNet with ArcFace";
        if (Measure(() => Train(network, training, on, cancel), on.Device) is not { } measured)
        {
            yield return CheckLine.Absent(name, DeviceMemory.Problem(on.Device) is { } problem && !on.IsProcessor
                ? problem : "this system does not report the peak of a part of a process", "measured on Linux and on CUDA");
            yield break;
        }

        // the runtime and libtorch are there already, and batches wait on the host
        var expected = predicted.Bytes - predicted.Program - (on.IsProcessor ? 0 : predicted.Data);
        yield return CheckLine.Within(name, measured, MostOverPrediction * expected + Meanwhile,
            $"{measured >> 20} MiB at the peak, {expected >> 20} MiB predicted (batch {on.Scale.SpeedBatch}, {on.Scale.SpeedPixels} px, " +
            $"C {Classes})", $"{MostOverPrediction} x the prediction and {Meanwhile >> 20} MiB for code and libraries",
            "plan's memory is too low here: give run a lower --memory-limit, and report this page");
    }

    private static long? Measure(Action train, Device device)
    {
        if (device.type == DeviceType.CPU) return PeakMemory.Measure(train);
        if (DeviceMemory.Read(device) is not { } before) return null;
        DeviceMemory.EmptyCache(device);
        DeviceMemory.ResetPeak(device);
        train();
        return DeviceMemory.Read(device)!.Value.PeakAllocated - before.Allocated;
    }

    private static void Train(BackboneOptions network, TrainingOptions training, DoctorSubject on, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var backbone = network.Build(on.Scale.SpeedPixels);
        using var loss = new ArcFaceOptions().Build(new LossShape(Classes, network.EmbeddingDimension));
        using (var generator = new Generator(2)) loss.InitialiseProxies(generator);
        backbone.to(on.Device);
        loss.to(on.Device);
        new Trainer(backbone, loss, training, on.Device).Train(
            new OneBatch(training.Batch, on.Scale.SpeedPixels, Classes, on.Device, Steps), null, cancel);
    }
}
