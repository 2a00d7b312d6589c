using System.Text.Json;
using Ablation.Harness.Batches;
using Ablation.Losses;

namespace Ablation.Benchmarks;

/// <summary>
/// The usual PyTorch training of the network of a case (peers/training.py) in a separate process, with the settings for allocator and
/// waiting threads that this program uses.
/// </summary>
internal sealed class TrainPeer : IDisposable
{
    // as in TorchNative: spinning OpenMP threads take the cores from the loader's processes
    private static readonly (string, string) ShortWaits = ("GOMP_SPINCOUNT", "3000");
    private readonly PeerProcess process;

    private TrainPeer(PeerProcess process) => this.process = process;

    public string Torch => process.Torch;

    /// <summary>The measurement of a turn of the whole loop.</summary>
    /// <param name="PeakBytes">Peak memory of the process; null where the system does not report it.</param>
    /// <param name="WorkerBytes">Private memory of the processes that load data.</param>
    public readonly record struct Turn(double ImagesPerSecond, long? PeakBytes, long? WorkerBytes);

    /// <summary>Starts a process and builds the network there.</summary>
    /// <param name="pack">The .rec file.</param>
    /// <param name="parameters">Number of parameters of our own network.</param>
    /// <param name="reason">Why it did not start.</param>
    public static TrainPeer? Start(TrainCase one, string pack, int identities, long parameters, AugmentOptions augment, out string reason)
    {
        reason = $"it has no {one.Loss}";
        if (one.PeerLoss is null || PeerProcess.Start("training.py", one.Threads, tuned: true, out reason, ShortWaits) is not { } process)
            return null;
        try
        {
            var theirs = process.Ask(Request(one, pack, identities, augment)).GetProperty("parameters").GetInt64();
            if (theirs == parameters) return new TrainPeer(process);
            reason = $"its {one.Network} has {theirs} parameters, ours {parameters}: not the same network";
        }
        catch (Exception e) when (Failed(e))
        {
            reason = e.Message;
        }

        process.Dispose();
        return null;
    }

    /// <inheritdoc cref="PeerProcess.Ask" path="/exception"/>
    public Turn Whole(int steps)
    {
        var answer = process.Ask(new { ask = "whole", steps });
        return new Turn(Rate(answer), Bytes(answer, "peak_bytes"), Bytes(answer, "peak_bytes") is null
            ? null : Bytes(answer, "worker_bytes"));
    }

    /// <summary>Returns images per second of the same step on one random batch.</summary>
    /// <inheritdoc cref="PeerProcess.Ask" path="/exception"/>
    public double Bare(int steps) => Rate(process.Ask(new { ask = "bare", steps }));

    /// <summary>Returns images per second, each embedded with its mirror image.</summary>
    /// <inheritdoc cref="PeerProcess.Ask" path="/exception"/>
    public double Evaluate(int steps) => Rate(process.Ask(new { ask = "evaluate", steps }));

    public void Dispose() => process.Dispose();

    /// <summary>Whether an exception means that the measurement continues without the peer.</summary>
    public static bool Failed(Exception e) => e is InvalidOperationException or IOException or JsonException or KeyNotFoundException;

    internal static object Request(TrainCase one, string pack, int identities, AugmentOptions augment) => new
    {
        ask = "build",
        network = one.Network,
        pixels = one.Pixels,
        batch = one.Batch,
        precision = one.PrecisionName,
        channels_last = one.ChannelsLast,
        loss = one.PeerLoss,
        k = one.LossOptions is NptOptions npt ? npt.K.Value : 1,
        classes = identities,
        pack = Path.GetFullPath(pack),
        device = one.Device,
        augment = new
        {
            flip = augment.FlipProbability,
            shift = augment.CropShiftPixels,
            scale = augment.CropScale,
            aspect = augment.AspectJitter,
            brightness = augment.Brightness,
            contrast = augment.Contrast,
        },
    };

    private static double Rate(JsonElement answer) => answer.GetProperty("images_per_second").GetDouble();

    private static long? Bytes(JsonElement answer, string name) =>
        answer.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
