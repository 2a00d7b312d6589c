using System.Buffers.Binary;
using System.Numerics;
using Ablation.Harness.Formats;
using Ablation.Harness.Metrics;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Store;

/// <summary>
/// The curves of a trial for TensorBoard: <c>events.out.tfevents.*</c> in a folder of the trial, with a new file per attempt. Each begins
/// with a session start, so that TensorBoard drops the points of earlier files from that step on. Every point is flushed.
/// </summary>
/// <remarks>The record framing is that of TFRecord, the message tensorflow.Event, https://github.com/tensorflow/tensorboard (event.proto,
/// summary.proto).</remarks>
public sealed class TensorBoardFile : IDisposable
{
    private readonly FileStream file;

    private TensorBoardFile(FileStream file) => this.file = file;

    /// <summary>Returns the folder of a trial's event files.</summary>
    /// <param name="trialFolder"><see cref="ResultStore.TrialFolder"/>.</param>
    public static string FolderOf(string trialFolder) => Path.Combine(trialFolder, "tensorboard");

    /// <summary>Creates a file; earlier ones are kept.</summary>
    /// <param name="folder">Created if missing.</param>
    /// <param name="fromStep">Optimiser steps already done; 0 from the start.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static TensorBoardFile Begin(string folder, long fromStep, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        // TensorBoard reads files in the order of their names, so the number is between the second and the host
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
            begun.Write(EventMessage.SessionStart(now, fromStep + 1)); // keeps the log point of the last completed step
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
        foreach (var (name, value) in point.Followed ?? new Dictionary<string, double>()) scalars.Add(($"train/{name}", value));
        Write(EventMessage.Scalars(now, point.Step, scalars));
    }

    /// <summary>Adds figures of the tests after training; skips those that are n/a.</summary>
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
    /// Returns the masked CRC-32C of TFRecord: rotated by 15 bits and shifted, as a CRC of data that contains CRCs is weak.
    /// </summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C.Compute(bytes), 15) + 0xa282ead8;

    /// <summary>
    /// Writes length, its checksum, message, its checksum; little-endian. Uses one write, so that a reader sees complete records.
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
