using System.Text.Json.Serialization;
using Ablation.Harness.Native;

namespace Ablation.Harness.Provenance;

/// <summary>
/// Where and by what a result was made. Null for what the machine did not report, and for what an earlier version did not record.
/// </summary>
/// <param name="Commit">The commit that the program was built from, followed by "+changes" where the checkout differed.</param>
/// <param name="Machine">Model of the processor, and its logical cores.</param>
/// <param name="Seconds">Of the whole trial; of all attempts that checkpoints cover.</param>
public sealed record TrialProvenance(string Commit, string Machine, string OperatingSystem, string Runtime, string TorchSharp,
    string Device, int Threads, DateTimeOffset Started, double Seconds, int TrainingImages, int Identities)
{
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How often the trial was resumed, or began again, after its process had ended.</summary>
    public int? Restarts { get; init; }

    /// <summary>Why the trial did not continue from a checkpoint that it had, but began anew: the data changed, or the start; null where it
    /// did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BegunAnew { get; init; }

    /// <summary>Whether files of the training data were written, renamed or replaced while the trial ran: the fingerprint then describes
    /// the data at its beginning only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DataChanged { get; init; }

    /// <summary>Name and version of each package that a result depends on.</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    public NativeVersions? Native { get; init; }

    /// <summary>Null on the CPU.</summary>
    public GraphicsCard? Gpu { get; init; }

    public DataFingerprint? Data { get; init; }

    /// <summary>Most resident memory of the process, on the host; the largest of all attempts.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>
    /// Energy of the processor's packages during the trial, whatever else ran on them; null where the system keeps no such counter or does
    /// not let it be read.
    /// </summary>
    public double? ProcessorJoules { get; init; }

    /// <summary>The same of the whole GPU.</summary>
    public double? GpuJoules { get; init; }
}
