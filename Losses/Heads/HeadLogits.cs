using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>The logits of a loss of the softmax family, margin included: it sums their exponentials.</summary>
/// <param name="Values">B x C; minus infinity where the loss leaves an identity out.</param>
/// <param name="Scale">B: the factor from cosine to logit of each sample; ones where products are not cosines.</param>
/// <param name="Summed">Terms of each sample's sum: C, or C-1 where the own identity is left out.</param>
public sealed record HeadLogits(Tensor Values, Tensor Scale, int Summed);
