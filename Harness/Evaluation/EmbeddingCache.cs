namespace Ablation.Harness.Evaluation;

/// <summary>Placeholder of the cache.</summary>
public sealed class EmbeddingCache;
