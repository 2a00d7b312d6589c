using System.Diagnostics;
using Ablation.Harness.Backbones;
using Ablation.Harness.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>A short measurement of a network's speed on this machine, on random images; decoding and the loss left out.</summary>
public static class SpeedProbe
{
    /// <summary>Images a second: training (forward and backward) and embedding (forward twice, image and mirror).</summary>
    public sealed record Speed(double Training, double Embedding);

    /// <summary>Runs one step to warm up and then at least two steps and <paramref name="seconds"/> of each kind.</summary>
    public static Speed Measure(BackboneOptions options, int resolution, int batch, Device device, int threads, double seconds = 1.5)
    {
        set_num_threads(threads);
        using var scope = NewDisposeScope();
        using var backbone = options.Build(resolution);
        backbone.to(device);
        ChannelsLast.Apply(backbone);
        var images = ChannelsLast.Of(randn(batch, 3, resolution, resolution, device: device));
        backbone.train();
        var training = Rate(() =>
        {
            using var tape = device.type == DeviceType.CPU ? Tape.Start(usesKernels: true, checkpoints: false, () => null) : null;
            foreach (var parameter in backbone.parameters()) parameter.grad = null;
            backbone.forward(images).square().mean().backward();
            tape?.Backward();
        });
        backbone.eval();
        using var grad = no_grad();
        using var inference = Chain.Inference();
        return new Speed(training, Rate(() => backbone.forward(images)) / 2);

        double Rate(Action step)
        {
            Once(step);
            var clock = Stopwatch.StartNew();
            var steps = 0;
            for (; steps < 2 || clock.Elapsed.TotalSeconds < seconds; steps++) Once(step);
            return steps * batch / clock.Elapsed.TotalSeconds;
        }

        void Once(Action step)
        {
            using var inner = NewDisposeScope();
            step();
            if (device.type == DeviceType.CUDA) cuda.synchronize();
        }
    }
}
