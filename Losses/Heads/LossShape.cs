namespace Ablation.Losses.Heads;

/// <summary>The sizes that a loss is built for.</summary>
/// <param name="Classes">Identities C, at least 2.</param>
/// <param name="Dimension">Values per embedding D, at least 1.</param>
public sealed record LossShape(int Classes, int Dimension);
