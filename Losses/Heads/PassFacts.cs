using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>What a target's logit may depend on beside its cosine; B values, or B x 1 in the straight formulation.</summary>
/// <param name="Norms">Of the embeddings; the gradient flows through them unless the loss detaches them.</param>
/// <param name="HardMean">Mean of the hard cosines with other proxies (<see cref="OtherLogits.Hard"/>), without a gradient.</param>
public sealed record SampleFacts(Tensor Norms, Tensor? HardMean);

/// <summary>What a loss can follow of a pass, B values each, without a graph; valid during the call only.</summary>
/// <param name="Own">Products with the own proxies.</param>
/// <param name="Norms">Of the embeddings.</param>
/// <param name="Others">Returns the logarithm of the sum of exp(logit) over the other identities.</param>
public sealed record PassFacts(Tensor Own, Tensor Norms, Func<Tensor> Others);
