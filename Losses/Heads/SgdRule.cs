namespace Ablation.Losses.Heads;

/// <summary>How a step of SGD moves a proxy.</summary>
/// <param name="Momentum">0 .. 1.</param>
/// <param name="Nesterov">Whether momentum has Nesterov's form.</param>
/// <param name="Decay">Weight decay, added to the gradient.</param>
public sealed record SgdRule(double Momentum, bool Nesterov, double Decay);
