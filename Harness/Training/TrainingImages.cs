using Ablation.Harness.Batches;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>The source of the loop's images.</summary>
public abstract class TrainingImages
{
    /// <summary>Micro-batches per epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Number of images skipped as unreadable so far.</summary>
    public int BadImageCount => Unreadable.Count;

    /// <summary>Indices of images skipped as unreadable so far, for a checkpoint.</summary>
    public abstract IReadOnlyList<int> Unreadable { get; }

    /// <summary>Skips images that an earlier attempt found unreadable.</summary>
    public abstract void PassOver(IReadOnlyList<int> indices);

    /// <summary>Time that the loop has waited for batches that were not ready, without the wait for the first ones.</summary>
    public abstract TimeSpan Waited { get; }

    /// <summary>Reads micro-batches by number, see <see cref="BatchStream.Read"/>; each is valid until the next is read.</summary>
    public abstract IEnumerable<Batch> Read(long first, long end, CancellationToken cancel);

    /// <summary>Returns the images of a batch from <see cref="Read"/>: N x 3 x p x p, float32, on the loop's device.</summary>
    /// <param name="channelsLast">Whether the channels of a pixel are adjacent in memory.</param>
    public abstract Tensor Images(Batch batch, bool channelsLast);
}

/// <summary>Batches prepared on the host and copied to the device at each step.</summary>
public sealed class HostImages(BatchStream batches, Device device) : TrainingImages
{
    public override int StepsPerEpoch => batches.StepsPerEpoch;

    public override IReadOnlyList<int> Unreadable => batches.Unreadable;

    public override void PassOver(IReadOnlyList<int> indices) => batches.Skip(indices);

    public override TimeSpan Waited => batches.Waited;

    public override IEnumerable<Batch> Read(long first, long end, CancellationToken cancel) => batches.Read(first, end, cancel);

    public override Tensor Images(Batch batch, bool channelsLast) => ImageTensors.ToDevice(batch, device, channelsLast);
}

/// <summary>
/// A whole set on the device: a step copies rows of it and mirrors some. Only order, flips and labels come from the host.
/// </summary>
public sealed class ResidentImages : TrainingImages, IDisposable
{
    private readonly ResidentFaces faces;
    private readonly Tensor all; // count x 3 x p x p
    private readonly Batch batch;
    private ResidentStep? now;

    /// <param name="faces">Copied to <paramref name="device"/>.</param>
    /// <param name="resolution">Of the faces.</param>
    /// <param name="size">Images per micro-batch.</param>
    public ResidentImages(ResidentFaces faces, int resolution, int size, Device device)
    {
        this.faces = faces;
        batch = new Batch(size, resolution: 0, labelled: true); // no pixels: they are on the device
        using var scope = NewDisposeScope();
        all = tensor(faces.Pixels).view(-1, 3, resolution, resolution).to(device).DetachFromDisposeScope();
    }

    public override int StepsPerEpoch => faces.StepsPerEpoch;

    public override IReadOnlyList<int> Unreadable => faces.Unreadable;

    public override void PassOver(IReadOnlyList<int> indices) => faces.Skip(indices);

    public override TimeSpan Waited => TimeSpan.Zero;

    public override IEnumerable<Batch> Read(long first, long end, CancellationToken cancel)
    {
        foreach (var step in faces.Steps(first, end))
        {
            cancel.ThrowIfCancellationRequested();
            (now, batch.Epoch, batch.Step, batch.Count) = (step, step.Epoch, step.Step, step.Indices.Length);
            for (var item = 0; item < batch.Count; item++)
                (batch.Indices[item], batch.Labels[item]) = ((int)step.Indices[item], step.Labels[item]);
            yield return batch;
        }
    }

    public override Tensor Images(Batch batch, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var rows = all.index_select(0, tensor(now!.Indices, device: all.device));
        var flipped = tensor(now.Flipped, device: all.device).view(-1, 1, 1, 1);
        var images = where(flipped, rows.flip(3), rows);
        return (channelsLast ? ChannelsLast.Convert(images) : images).MoveToOuterDisposeScope();
    }

    public void Dispose() => all.Dispose();
}
