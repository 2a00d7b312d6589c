using System.Diagnostics;
using Ablation.Harness.Theory;
using Ablation.Harness.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>Counts the loop's steps, images and time, and collects the log points.</summary>
internal sealed class LoopLog : IDisposable
{
    private readonly TrainingImages images;
    private readonly List<HistoryPoint> history = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeSpan waited;
    private double secondsBefore, waitedBefore; // of earlier attempts
    private long logPointStep, logPointImages;
    private double logPointSeconds;

    /// <param name="stepsPerLogPoint">The largest number of steps between two log points.</param>
    public LoopLog(TrainingImages images, Device device, int stepsPerLogPoint)
    {
        this.images = images;
        waited = images.Waited;
        Window = new LossWindow(device, stepsPerLogPoint);
    }

    /// <summary>Optimiser steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Images trained on.</summary>
    public long Images { get; private set; }

    public LossWindow Window { get; }

    public IReadOnlyList<HistoryPoint> History => history;

    /// <summary>Steps since the last log point.</summary>
    public int SinceLogPoint => (int)(Step - logPointStep);

    public double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    public double WaitedSeconds => waitedBefore + (images.Waited - waited).TotalSeconds;

    public void CountImages(int count) => Images += count;

    public void CountStep() => Step++;

    /// <summary>Adds a log point and begins the next window.</summary>
    public HistoryPoint AddLogPoint(double stepsPerEpoch, double rate, double mean, ProxyAngles? angles,
        ProxyMotion? motion = null, IReadOnlyDictionary<string, double>? followed = null)
    {
        Window.Clear();
        var now = Seconds;
        double? speed = now > logPointSeconds ? (Images - logPointImages) / (now - logPointSeconds) : null;
        history.Add(new HistoryPoint(Step, Step / stepsPerEpoch, rate, mean, speed, angles, motion, followed));
        (logPointStep, logPointImages, logPointSeconds) = (Step, Images, now);
        return history[^1];
    }

    /// <summary>Copies everything for a checkpoint.</summary>
    public LoopRecord Record() =>
        new(Step, Images, Seconds, WaitedSeconds, logPointStep, logPointImages, logPointSeconds, Window.Images(SinceLogPoint),
            [.. history]);

    /// <summary>Continues the counts of an earlier attempt; the tensors of <see cref="Window"/> are filled separately.</summary>
    public void Restore(LoopRecord record)
    {
        (Step, Images, secondsBefore, waitedBefore) = (record.Step, record.Images, record.Seconds, record.WaitedSeconds);
        (logPointStep, logPointImages, logPointSeconds) = (record.LogPointStep, record.LogPointImages, record.LogPointSeconds);
        history.AddRange(record.History);
        Window.Restore(record.Window);
        clock.Restart();
    }

    public void Dispose() => Window.Dispose();
}
