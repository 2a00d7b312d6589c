using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>What a loss of the softmax family sums the exponentials of, margin included.</summary>
/// <param name="Values">B x C; minus infinity where the loss leaves an identity out.</param>
/// <param name="Scale">B: what turns the cosines of each sample into logits; ones where products are no cosines.</param>
/// <param name="Summed">Terms of each sample's sum: C, or C-1 where the own identity is left out.</param>
public sealed record HeadLogits(Tensor Values, Tensor Scale, int Summed);
