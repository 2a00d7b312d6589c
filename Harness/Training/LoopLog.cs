using System.Diagnostics;
using Ablation.Harness.Theory;
using Ablation.Harness.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>What the loop counts: steps, images, time, and the looks at the loss.</summary>
internal sealed class LoopLog : IDisposable
{
    private readonly TrainingImages images;
    private readonly List<HistoryPoint> history = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeSpan waited;
    private double secondsBefore, waitedBefore; // of earlier attempts
    private long lookStep, lookImages;
    private double lookSeconds;

    /// <param name="lookEvery">Steps between two looks, at most.</param>
    public LoopLog(TrainingImages images, Device device, int lookEvery)
    {
        this.images = images;
        waited = images.Waited;
        Window = new LossWindow(device, lookEvery);
    }

    /// <summary>Optimiser steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Images seen.</summary>
    public long Seen { get; private set; }

    public LossWindow Window { get; }

    public IReadOnlyList<HistoryPoint> History => history;

    /// <summary>Steps since the last look.</summary>
    public int SinceLook => (int)(Step - lookStep);

    public double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    public double WaitedSeconds => waitedBefore + (images.Waited - waited).TotalSeconds;

    public void SawImages(int count) => Seen += count;

    public void Stepped() => Step++;

    /// <summary>Keeps a look and begins the next window.</summary>
    public HistoryPoint Look(double stepsPerEpoch, double rate, double mean, ProxyAngles? angles)
    {
        Window.Clear();
        var now = Seconds;
        double? speed = now > lookSeconds ? (Seen - lookImages) / (now - lookSeconds) : null;
        history.Add(new HistoryPoint(Step, Step / stepsPerEpoch, rate, mean, speed, angles));
        (lookStep, lookImages, lookSeconds) = (Step, Seen, now);
        return history[^1];
    }

    /// <summary>For a checkpoint.</summary>
    public LoopRecord Record() =>
        new(Step, Seen, Seconds, WaitedSeconds, lookStep, lookImages, lookSeconds, Window.Images(SinceLook), [.. history]);

    /// <summary>Goes on where an earlier attempt stood; the tensors of <see cref="Window"/> are filled apart.</summary>
    public void Restore(LoopRecord record)
    {
        (Step, Seen, secondsBefore, waitedBefore) = (record.Step, record.Images, record.Seconds, record.WaitedSeconds);
        (lookStep, lookImages, lookSeconds) = (record.LookStep, record.LookImages, record.LookSeconds);
        history.AddRange(record.History);
        Window.Restore(record.Window);
        clock.Restart();
    }

    public void Dispose() => Window.Dispose();
}
