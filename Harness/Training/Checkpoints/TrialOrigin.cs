using Ablation.Harness.Faces;
using Ablation.Harness.Provenance;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>The data and initial values of a trial, stored in its checkpoints: a training is resumed only if both are the same.</summary>
/// <param name="Pairing">Hashes of the initial weights, the initial proxies and the first batch.</param>
public sealed record TrialOrigin(SourceState Data, Pairing Pairing)
{
    /// <summary>Returns why a training cannot be resumed from a checkpoint; null if it can.</summary>
    /// <param name="before">Of the checkpoint; null if an earlier version wrote it.</param>
    public string? Mismatch(TrialOrigin? before)
    {
        if (before is null) return "it does not name the data it was made from: an earlier version wrote it";
        if (Data.Change(before.Data) is { } change) return change;
        if (Pairing.Weights != before.Pairing.Weights) return "the trial began with other weights than this program draws";
        if (Pairing.Proxies != before.Pairing.Proxies) return "the trial began with other proxies than this program draws";
        return Pairing == before.Pairing ? null : "the trial began with another first batch than this program makes";
    }
}
