using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// Adding where it happens again and again. TorchSharp frees a number that became a <see cref="Scalar"/> on the way into a call when a garbage
/// collection finds it unused, which may be before libtorch has read it: then another number is added, or the call fails. The one here is
/// held for ever.
/// </summary>
public static class Counters
{
    private static readonly Scalar One = 1;

    /// <summary>Adds 1 in place, for whole numbers.</summary>
    public static void Increase(this Tensor counter) => counter.add_(One, One);

    /// <summary>The sum of two tensors: with a sign between them TorchSharp makes a number of its own, the factor of the second.</summary>
    public static Tensor Plus(this Tensor value, Tensor other) => value.add(other, One);

    /// <summary>Adds a tensor in place.</summary>
    public static Tensor Include(this Tensor sum, Tensor values) => sum.add_(values, One);
}
