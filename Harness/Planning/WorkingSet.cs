using Ablation.Harness.Batches;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Fused;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Planning;

/// <summary>Everything that the memory of a training depends on.</summary>
/// <param name="Identities">Classes C.</param>
/// <param name="ImageBytes">Bytes of decoded images held in memory.</param>
public sealed record MemoryCase(BackboneOptions Backbone, int Resolution, TrainingOptions Training, int Identities, long ImageBytes,
    HeadRows? Rows = null);

/// <summary>
/// The memory that a training will hold, predicted from its specification: bytes of resident memory on the CPU; otherwise device and host
/// together, without the device's libraries. docs/performance.md compares it with measurements.
/// </summary>
/// <param name="Program">Runtime, libtorch and its threads.</param>
/// <param name="Weights">The backbone's weights, their gradients and the optimiser's state.</param>
/// <param name="Head">Proxies with the same, and the loss's matrices.</param>
/// <param name="Maps">Feature maps that the backward pass needs, their gradients, and the convolutions' scratch memory.</param>
/// <param name="Data">Decoded pictures held in memory, and batches prepared ahead.</param>
public sealed record WorkingSet(long Program, long Weights, long Head, long Maps, long Data)
{
    private const long ProgramBytes = 220L << 20; // resident after the first step of a network with almost no weights
    private const double Holes = 1.3;             // factor of maps on the CPU for malloc's fragmentation; fitted, docs/performance.md
    private const int Probe = 2;                  // images of the trial pass; normalisation needs two

    /// <summary>The sum of all parts, bytes.</summary>
    public long Bytes => Program + Weights + Head + Maps + Data;

    /// <summary>Predicts the memory of one training.</summary>
    /// <remarks>Builds the network and runs two images through it. Draws from torch's generator: seed it afterwards.</remarks>
    public static WorkingSet Predict(MemoryCase one, Device device, LoopOptions loop)
    {
        using var scope = NewDisposeScope();
        using var backbone = one.Backbone.Build(one.Resolution);
        ChannelsLast.Apply(backbone);
        var training = one.Training;
        var batch = Math.Max(1, training.Batch / training.Accumulate);
        var piece = (batch + loop.Split - 1) / loop.Split; // images processed at once
        // the weight, its gradient, and the optimiser's state
        var states = training.Optimizer == OptimizerKind.AdamW ? 4 : training.Momentum > 0 ? 3 : 2;
        var (kept, largest) = Passed(backbone, one.Resolution, training.Precision, device, loop);
        var scratch = 3L * sizeof(float) * WinogradTiles.Positions * backbone.modules().OfType<Conv2d>()
            .Where(layer => layer.groups == 1).Max(layer => layer.weight!.shape[0] * layer.weight.shape[1]);
        var proxies = (long)one.Identities * one.Backbone.EmbeddingDimension * sizeof(float);
        var rows = one.Rows ?? new HeadRows(Proxies: 1, Constant: 0);
        var images = 3L * one.Resolution * one.Resolution * sizeof(float) * batch;
        var maps = (kept + (loop.Checkpointing ? 4 : 2) * largest) * piece / Probe;
        return new WorkingSet(ProgramBytes, states * sizeof(float) * backbone.parameters().Sum(parameter => parameter.numel()),
            ((states + 1) * rows.Proxies + rows.Constant) * proxies + 2L * sizeof(float) * piece * one.Identities * rows.Proxies,
            (long)(maps * (device.type == DeviceType.CPU ? Holes : 1)) + scratch,
                one.ImageBytes + images * (new BatchOptions().Buffers + 2));
    }

    /// <summary>Chooses the loop for a limit: without checkpointing if that fits, else with it.</summary>
    /// <exception cref="MemoryLimitException">Neither fits.</exception>
    public static LoopOptions LoopFor(MemoryCase one, Device device, LoopOptions loop, long limit)
    {
        if (Predict(one, device, loop).Bytes <= limit) return loop;
        var least = Predict(one, device, loop with { Checkpointing = true });
        return least.Bytes <= limit ? loop with { Checkpointing = true } : throw new MemoryLimitException(limit, least);
    }

    public override string ToString() =>
        $"{Bytes >> 20} MiB (maps {Maps >> 20}, weights {Weights >> 20}, head {Head >> 20}, data {Data >> 20}, program {Program >> 20})";

    /// <summary>Measures the bytes of maps that two images leave for the backward pass, and of the largest map.</summary>
    private static (long Kept, long Largest) Passed(Backbone backbone, int resolution, Precision precision, Device device, LoopOptions loop)
    {
        var kernels = loop.ChannelsLast && CpuPath.IsTaken(device) && MicroKernel.IsSupported;
        long outputs = 0, largest = 0;
        foreach (var layer in backbone.modules().OfType<nn.Module<Tensor, Tensor>>()
            .Where(module => module is Conv2d or BatchNorm2d or PReLU or Linear))
        {
            layer.register_forward_hook((_, _, output) =>
            {
                var bytes = output.numel() * output.ElementSize;
                (outputs, largest) = (outputs + bytes, Math.Max(largest, bytes));
                return output;
            });
        }

        using var grad = enable_grad();
        var images = ChannelsLast.Convert(zeros(Probe, 3, resolution, resolution));
        // for the largest map, and without the kernels for all of them; in libtorch's usual order each layer is called, and so its hook
        using (Autocast.For(precision, CPU)) backbone.call(images.contiguous());
        if (!kernels && !loop.Checkpointing) return (outputs, largest);
        using var tape = Tape.Start(kernels, loop.Checkpointing, () => Autocast.For(precision, CPU));
        using (Autocast.For(precision, CPU)) backbone.call(images);
        return (tape.Bytes + tape.LargestPart, largest);
    }
}

/// <summary>A trial needs more memory than the limit, even with checkpointing.</summary>
public sealed class MemoryLimitException(long limit, WorkingSet needed)
    : Exception($"--memory-limit {limit >> 20} MiB: the trial needs about {needed} even with checkpointing; lower batch, raise " +
        $"accumulate, set head.implementation to tiled, or raise the limit");
