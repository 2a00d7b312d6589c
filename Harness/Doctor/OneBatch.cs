using Ablation.Harness.Batches;
using Ablation.Harness.Training;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>Supplies the same random pictures and labels at every step.</summary>
internal sealed class OneBatch : TrainingImages
{
    private readonly Batch batch;
    private readonly Device device;
    private readonly int steps;

    public OneBatch(int count, int resolution, int classes, Device device, int steps)
    {
        (this.device, this.steps) = (device, steps);
        var random = new Random(1);
        batch = new Batch(count, resolution, labelled: true) { Count = count };
        for (var i = 0; i < batch.Pixels.Length; i++) batch.Pixels[i] = 2 * random.NextSingle() - 1;
        for (var i = 0; i < count; i++) batch.Labels[i] = random.Next(classes);
    }

    public override int StepsPerEpoch => steps;

    public override IReadOnlyList<int> Unreadable => [];

    public override TimeSpan Waited => TimeSpan.Zero;

    public override void PassOver(IReadOnlyList<int> indices)
    {
    }

    public override IEnumerable<Batch> Read(long first, long end, CancellationToken cancel)
    {
        for (; first < end; first++)
        {
            cancel.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    public override Tensor Images(Batch batch, bool channelsLast) => ImageTensors.ToDevice(batch, device, channelsLast);
}
