namespace Ablation.Harness.Provenance;

/// <summary>Hashes that show whether two trials were paired: equal for trials that differ only in the loss.</summary>
/// <param name="Weights">SHA-256 of the backbone's initial weights.</param>
/// <param name="Proxies">SHA-256 of the initial proxies.</param>
/// <param name="Batches">SHA-256 of the first batch: augmented pixels, labels, indices; null without training.</param>
public sealed record Pairing(string Weights, string Proxies, string? Batches);
