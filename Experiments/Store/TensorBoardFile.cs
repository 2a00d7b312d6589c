using System.Buffers.Binary;
using System.Numerics;
using Ablation.Harness.Formats;
using Ablation.Harness.Metrics;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Store;

/// <summary>
/// A trial's curves for TensorBoard: <c>events.out.tfevents.*</c> in a folder of the trial, a new file for each attempt. One that resumes
/// from a step begins with a session start, at which TensorBoard forgets what an earlier file has from that step on. A point is flushed as
/// it is written.
/// </summary>
/// <remarks>The record framing is that of TFRecord, the message tensorflow.Event, https://github.com/tensorflow/tensorboard (event.proto,
/// summary.proto).</remarks>
public sealed class TensorBoardFile : IDisposable
{
    private readonly FileStream file;

    private TensorBoardFile(FileStream file) => this.file = file;

    /// <summary>The event files of a trial.</summary>
    /// <param name="trialFolder"><see cref="ResultStore.TrialFolder"/>.</param>
    public static string FolderOf(string trialFolder) => Path.Combine(trialFolder, "tensorboard");

    /// <summary>Begins a file; earlier ones stay.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="fromStep">Optimiser steps that are done already; 0 from the start.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static TensorBoardFile Begin(string folder, long fromStep, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        // TensorBoard reads files in the order of their names, so the number stands behind the second and before the host
        var (second, number) = (now.ToUnixTimeSeconds(), Directory.GetFiles(folder, "events.out.tfevents.*").Length);
        while (true)
        {
            var path = Path.Combine(folder, $"events.out.tfevents.{second:D10}.{number:D4}.{Environment.MachineName}");
            if (File.Exists(path))
            {
                number++;
                continue;
            }

            var begun = new TensorBoardFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
            begun.Write(EventMessage.Version(now));
            begun.Write(EventMessage.SessionStart(now, fromStep + 1)); // the log point of the last step that is done stays
            return begun;
        }
    }

    /// <summary>Adds loss, learning rate and images per second of one log point.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void AddPoint(HistoryPoint point, DateTimeOffset now)
    {
        List<(string, double)> scalars = [("train/loss", point.Loss), ("train/learning_rate", point.LearningRate)];
        if (point.ImagesPerSecond is { } images) scalars.Add(("train/images_per_second", images));
        scalars.Add(("train/epoch", point.Epoch));
        Write(EventMessage.Scalars(now, point.Step, scalars));
    }

    /// <summary>Figures of the tests after the training; one that is n/a is left out.</summary>
    /// <param name="step">Optimiser steps of the training.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void AddMetrics(IEnumerable<Metric> metrics, long step, DateTimeOffset now)
    {
        var scalars = metrics.Where(metric => metric.Value is not null)
            .Select(metric => ($"{metric.Test}/{metric.Name} ({metric.Estimator})", metric.Value!.Value)).ToList();
        if (scalars.Count > 0) Write(EventMessage.Scalars(now, step, scalars));
    }

    public void Dispose() => file.Dispose();

    /// <summary>
    /// The checksum of TFRecord: CRC-32C, rotated by 15 bits and shifted, so that a checksum of data with checksums in them says something.
    /// </summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C.Compute(bytes), 15) + 0xa282ead8;

    /// <summary>
    /// Length, its checksum, the message, its checksum; little-endian on any machine. In one piece, so that a reader sees whole records.
    /// </summary>
    private void Write(byte[] message)
    {
        var record = new byte[12 + message.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(record, message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        message.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + message.Length), MaskedCrc(message));
        file.Write(record);
        file.Flush();
    }
}
