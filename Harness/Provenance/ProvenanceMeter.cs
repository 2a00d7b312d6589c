using System.Diagnostics;
using System.Text.Json.Serialization;
using Ablation.Harness.Faces;
using Ablation.Harness.Native;
using Ablation.Harness.Protocols;
using TorchSharp;

namespace Ablation.Harness.Provenance;

/// <summary>The time, memory and energy used by earlier attempts at a trial, as stored in a checkpoint.</summary>
/// <param name="Started">Start of the first attempt.</param>
/// <param name="Seconds">Up to the checkpoint.</param>
/// <param name="PeakBytes">See <see cref="TrialProvenance.PeakBytes"/>; likewise for the others.</param>
public sealed record Spent(DateTimeOffset Started, double Seconds, long? PeakBytes, double? ProcessorJoules, double? GpuJoules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? DevicePeakBytes = null);

/// <summary>Measures a trial from its start to its end: clock, memory, energy.</summary>
public sealed class ProvenanceMeter : IDisposable
{
    private static readonly TimeSpan EnergyPace = TimeSpan.FromMinutes(1); // far less than the time in which a counter wraps
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly DateTimeOffset started = DateTimeOffset.UtcNow;
    private readonly TrialPlace place;
    private Spent? before;
    private readonly GraphicsCard? gpu;
    private readonly double? gpuAtStart;
    private readonly ProcessorEnergy processor = new();
    private readonly Timer timer;

    private ProvenanceMeter(TrialPlace place)
    {
        this.place = place;
        gpu = place.Device.type == DeviceType.CUDA ? GraphicsCard.Query(Math.Max(0, place.Device.index)) : null;
        gpuAtStart = gpu is null ? null : GpuEnergy.Open(gpu);
        DeviceMemory.ResetPeak(place.Device);
        timer = new Timer(_ => processor.Read(), null, EnergyPace, EnergyPace);
    }

    /// <summary>Starts the clock.</summary>
    public static ProvenanceMeter Start(TrialPlace place) => new(place);

    /// <summary>Adds what earlier attempts used.</summary>
    /// <param name="spent">Of the checkpoint that the trial resumes from; null without one.</param>
    public void Continue(Spent? spent) => before = spent;

    /// <summary>Measures everything up to now, earlier attempts included, for a checkpoint.</summary>
    public Spent Now()
    {
        var joules = gpu is null ? null : GpuEnergy.Open(gpu) - gpuAtStart;
        var now = new Spent(started, clock.Elapsed.TotalSeconds, PeakResident.Measure(), processor.Read(), joules,
            DeviceMemory.Read(place.Device)?.PeakAllocated);
        return before is null ? now : Sum(before, now);
    }

    /// <summary>Returns the complete record of a trial that ends now. Reads a sample of the tests.</summary>
    /// <param name="training">Fingerprint of the training data, taken when the trial began; null if they could not be read.</param>
    /// <param name="restarts">How often the trial was resumed or restarted after its process had ended.</param>
    public TrialProvenance End(FaceSource source, string? training, IEnumerable<FaceTest> tests, int restarts)
    {
        var spent = Now(); // before the sample is read
        return Machine.Provenance(place, spent.Started, spent.Seconds, source.Count, source.Identities) with
        {
            Ended = DateTimeOffset.UtcNow,
            Restarts = restarts,
            Packages = Packages.All,
            Native = NativeVersions.Current,
            Gpu = gpu,
            Data = training is null ? null : Fingerprint(training, tests),
            PeakBytes = spent.PeakBytes,
            DevicePeakBytes = spent.DevicePeakBytes,
            ProcessorJoules = Rounded(spent.ProcessorJoules),
            GpuJoules = Rounded(spent.GpuJoules),
        };
    }

    public void Dispose() => timer.Dispose();

    /// <summary>Adds two attempts; takes the larger peak. A value that one of them lacks is null.</summary>
    public static Spent Sum(Spent before, Spent now) => new(before.Started, before.Seconds + now.Seconds,
        Larger(before.PeakBytes, now.PeakBytes), before.ProcessorJoules + now.ProcessorJoules, before.GpuJoules + now.GpuJoules,
        Larger(before.DevicePeakBytes, now.DevicePeakBytes));

    private static long? Larger(long? before, long? now) => before is { } earlier && now is { } later ? Math.Max(earlier, later) : null;

    /// <summary>Computes the fingerprint; null if the data are gone, since a finished trial must not fail for it.</summary>
    private static DataFingerprint? Fingerprint(string training, IEnumerable<FaceTest> tests)
    {
        try
        {
            return new DataFingerprint(training, [.. tests.Select(test => new TestFingerprint(test.Name, DataFingerprint.Compute(test)))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double? Rounded(double? joules) => joules is { } some ? Math.Round(some, 3) : null;
}
