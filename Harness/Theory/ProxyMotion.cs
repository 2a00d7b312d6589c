namespace Ablation.Harness.Theory;

/// <summary>What one step of a training does to the proxies; see docs/theory.md.</summary>
/// <param name="DegreesPerEpoch">The angle that the step turns a proxy by, mean over the proxies, times the steps of an epoch.</param>
/// <param name="Touched">Share of the proxies that have a gradient in the step, 0 .. 1.</param>
/// <param name="Effective">
/// How many proxies share the gradient, as a share of all, 0 .. 1: (sum of the norms)^2 / (C sum of their squares). It is
/// <paramref name="Touched"/> where all norms are equal.
/// </param>
/// <param name="BiasShare">
/// The part of an embedding that is the same for every image: squared norm of the last batch normalisation's bias over that of its bias
/// and weight, 0 .. 1. Null where the network has none that is trained.
/// </param>
public sealed record ProxyMotion(double DegreesPerEpoch, double Touched, double Effective, double? BiasShare);

/// <summary>How many hinges of a batch are above 0.</summary>
/// <param name="Samples">Share of the samples with at least one, 0 .. 1.</param>
/// <param name="Mean">Mean over the samples, 0 .. k.</param>
public sealed record HingeActivity(double Samples, double Mean);
