using System.Diagnostics;
using Ablation.Harness.Batches;
using Ablation.Harness.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Planning;

/// <summary>
/// Supplies random pixels and labels and times the steps: one step to warm up, one to choose how many to measure, then the rest. The device
/// is synchronised only at the ends of the measurement.
/// </summary>
/// <param name="size">Images per micro-batch.</param>
/// <param name="accumulate">Micro-batches per step.</param>
/// <param name="seconds">Minimum duration of the measured steps together.</param>
internal sealed class RandomImages(int size, int resolution, int classes, int accumulate, Device device, double seconds) : TrainingImages
{
    private const int MostSteps = 100_000;
    private readonly Random random = new(1);

    /// <summary>The duration of one step; null before the measurement is done.</summary>
    public double? SecondsPerStep { get; private set; }

    public override int StepsPerEpoch => accumulate * (MostSteps + 2);

    public override IReadOnlyList<int> Unreadable => [];

    public override TimeSpan Waited => TimeSpan.Zero;

    public override void PassOver(IReadOnlyList<int> indices)
    {
    }

    public override IEnumerable<Batch> Read(long first, long end, CancellationToken cancel)
    {
        var batch = new Batch(size, resolution, labelled: true) { Count = size };
        for (var i = 0; i < batch.Pixels.Length; i++) batch.Pixels[i] = 2 * random.NextSingle() - 1;
        var clock = Stopwatch.StartNew();
        var (steps, wanted) = (0, 1); // measured ones
        for (var warm = false; ; warm = true)
        {
            for (var micro = 0; micro < accumulate; micro++)
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = 0; i < size; i++) batch.Labels[i] = random.Next(classes);
                yield return batch;
            }

            // the loop asks for the next batch: the step is done
            if (!warm)
            {
                Synchronise();
                clock.Restart();
                continue;
            }

            if (++steps == 1)
            {
                Synchronise();
                wanted = (int)Math.Clamp(Math.Ceiling(seconds / clock.Elapsed.TotalSeconds), 1, MostSteps);
            }

            if (steps < wanted) continue;
            Synchronise();
            SecondsPerStep = clock.Elapsed.TotalSeconds / steps;
            yield break;
        }
    }

    public override Tensor Images(Batch batch, bool channelsLast) => ImageTensors.ToDevice(batch, device, channelsLast);

    private void Synchronise()
    {
        if (device.type == DeviceType.CUDA) cuda.synchronize();
    }
}
