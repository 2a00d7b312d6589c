using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>What a softmax makes of the other identities and the target.</summary>
internal static class LogSums
{
    /// <summary>
    /// Cross-entropy from the log sum over the other identities and the target's logit, B each: log(e^others + e^target) - target,
    /// without a difference of large numbers, so that a learned sample keeps its small loss.
    /// </summary>
    public static Tensor AboveTarget(this Tensor others, Tensor target)
    {
        var gap = others - target;
        return gap.logaddexp(zeros_like(gap));
    }
}
