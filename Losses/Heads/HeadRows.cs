namespace Ablation.Losses.Heads;

/// <summary>What a head keeps of each identity, in rows of D values.</summary>
/// <param name="Proxies">Rows that the optimiser moves.</param>
/// <param name="Constant">Rows without a gradient, such as a memory of embeddings.</param>
public sealed record HeadRows(int Proxies, int Constant);
