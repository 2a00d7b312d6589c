using System.Text.Json.Serialization;
using Ablation.Harness.Native;

namespace Ablation.Harness.Provenance;

/// <summary>
/// The machine, program and data that a result was made with. A value is null if the machine did not report it, or an earlier version did
/// not record it.
/// </summary>
/// <param name="Commit">The commit that the program was built from, followed by "+changes" if the checkout differed.</param>
/// <param name="Machine">Model of the processor, and its logical cores.</param>
/// <param name="Seconds">Duration of the whole trial, with all attempts that checkpoints cover.</param>
public sealed record TrialProvenance(string Commit, string Machine, string OperatingSystem, string Runtime, string TorchSharp,
    string Device, int Threads, DateTimeOffset Started, double Seconds, int TrainingImages, int Identities)
{
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How often the trial was resumed or restarted after its process had ended.</summary>
    public int? Restarts { get; init; }

    /// <summary>Why the trial started from the beginning although it had a checkpoint: the data or the initial values changed. Null
    /// otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BegunAnew { get; init; }

    /// <summary>Whether files of the training data were written, renamed or replaced while the trial ran; the fingerprint then describes
    /// only the data at its beginning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DataChanged { get; init; }

    /// <summary>Name and version of each package that a result depends on.</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    public NativeVersions? Native { get; init; }

    /// <summary>Null on the CPU.</summary>
    public GraphicsCard? Gpu { get; init; }

    public DataFingerprint? Data { get; init; }

    /// <summary>Peak resident memory of the process, on the host; the largest of all attempts.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>The most memory that tensors held on the CUDA device; the largest of all attempts. Null on other devices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DevicePeakBytes { get; init; }

    /// <summary>
    /// Energy of the processor's packages during the trial, including everything else that ran on them; null if the system has no readable
    /// counter.
    /// </summary>
    public double? ProcessorJoules { get; init; }

    /// <summary>The same for the whole GPU.</summary>
    public double? GpuJoules { get; init; }
}
