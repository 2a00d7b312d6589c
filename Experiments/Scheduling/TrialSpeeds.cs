using System.Runtime.InteropServices;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using TorchSharp;

namespace Ablation.Experiments.Scheduling;

/// <summary>Estimates the length of trials from speeds measured on this machine; each is measured once and cached.</summary>
/// <param name="place">Device and threads of one trial.</param>
public sealed class TrialSpeeds(Func<PlannedTrial, SuiteData> data, TrialPlace place, SpeedCache cache)
{
    /// <summary>Number of identities assumed for the size of the head if the data are missing.</summary>
    public const int AssumedIdentities = 1000;

    private readonly GraphicsCard? gpu = place.Device.type == DeviceType.CUDA ? GraphicsCard.Query(Math.Max(0, place.Device.index)) : null;
    private readonly Dictionary<string, double> asked = [];

    private readonly SortedSet<string> problems = new(StringComparer.Ordinal);

    /// <summary>What could not be measured and why.</summary>
    public IReadOnlyCollection<string> Problems => problems;

    /// <summary>
    /// Returns the optimiser steps per second of a trial's training; null for the untrained network and if the training fails.
    /// </summary>
    public double? StepsPerSecond(PlannedTrial trial)
    {
        if (trial.Spec.Training.Epochs == 0) return null;
        try
        {
            var spec = trial.Spec;
            return Once(TrainingCase.Build(spec.Backbone, spec.Resolution, spec.Training, spec.Loss,
                data(trial).Identities ?? AssumedIdentities, place.Device, place.Threads),
                one => SpeedProbe.StepsPerSecond(one, place.Device));
        }
        // the trial does not fit the data or the device's memory
        catch (Exception e) when (e is ArgumentException or DivergedException or ExternalException)
        {
            problems.Add($"{trial.Label}, {trial.Spec.Resolution} px: its speed could not be measured: {e.Message.Split('\n')[0]}");
            return null;
        }
    }

    /// <summary>Returns test images per second, each embedded with its mirror image.</summary>
    public double EmbeddedPerSecond(PlannedTrial trial) =>
        Once(new EmbeddingCase(trial.Spec.Backbone, trial.Spec.Resolution, place.Device.ToString(), place.Threads),
            one => SpeedProbe.EmbeddedPerSecond(one, place.Device));

    /// <summary>
    /// Returns the seconds of training and tests without decoding; null if the number of images is unknown. If tests cannot be opened,
    /// counts only the training.
    /// </summary>
    public double? Seconds(PlannedTrial trial)
    {
        double? tests;
        try
        {
            tests = data(trial).TestImages is { } images ? images / EmbeddedPerSecond(trial) : null;
        }
        catch (ExternalException e) // the device's memory
        {
            problems.Add(
                $"{trial.Label}, {trial.Spec.Resolution} px: the speed of its tests could not be measured: {e.Message.Split('\n')[0]}");
            return null;
        }

        return trial.Spec.Training.Epochs == 0 ? tests : Steps(trial) / StepsPerSecond(trial) + (tests ?? 0);
    }

    /// <summary>Returns the number of optimiser steps; null if the number of images is unknown.</summary>
    public long? Steps(PlannedTrial trial)
    {
        var training = trial.Spec.Training;
        if (training.Epochs == 0) return 0;
        return data(trial).Images is { } images ? TrainingSteps.Count(training, TrainingSteps.MicroBatches(training, images)) : null;
    }

    private double Once<TCase>(TCase one, Func<TCase, double> measure) where TCase : class
    {
        var key = SpecJson.Write(one); // records that contain lists do not compare by content
        if (!asked.TryGetValue(key, out var speed)) asked[key] = speed = cache.GetOrMeasure(one, gpu, () => measure(one));
        return speed;
    }
}
