using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ablation.Losses.Heads;

/// <summary>How a loss is computed. The results differ by rounding only.</summary>
public enum HeadImplementation
{
    /// <summary>Stored while the logits fit the budget, tiled beyond it; straight for a loss that has no kernel.</summary>
    Auto,

    /// <summary>Autograd over the whole B x C matrix: the plain formulation that the others are compared with.</summary>
    Straight,

    /// <summary>Keeps one B x C matrix of logits between forward and backward: three products.</summary>
    Stored,

    /// <summary>Keeps no B x C matrix; the backward pass computes the tiles again: four products.</summary>
    Tiled,
}

/// <summary>What computes the stored and tiled implementations.</summary>
public enum HeadKernel
{
    /// <summary>Fused kernels in vectorised C# for float32 on a CPU with the vectors, libtorch elsewhere.</summary>
    Auto,

    /// <summary>libtorch, on any device and in any precision.</summary>
    Libtorch,
}

/// <summary>Precision inside the products of the head. It does not affect the backbone.</summary>
public enum MatmulPrecision
{
    /// <summary>float32.</summary>
    Highest,

    /// <summary>TensorFloat-32 on a GPU that has it; float32 on a CPU.</summary>
    High,

    /// <summary>bfloat16 factors and float32 sums on a CPU that has them; as high on a GPU.</summary>
    Medium,
}

/// <summary>How a gradient that touches few proxies is applied to the others.</summary>
public enum SparseUpdate
{
    /// <summary>Every proxy moves by momentum and decay at every step, as in dense SGD.</summary>
    Exact,

    /// <summary>
    /// A proxy without a gradient stands still, its momentum too. Faster, but a different optimiser: see docs/losses.md.
    /// </summary>
    Lazy,
}

/// <summary>What happens in a step to proxies that were not drawn.</summary>
public enum Unsampled
{
    /// <summary>They stand still.</summary>
    Frozen,

    /// <summary>They move by momentum and decay, as dense SGD with a gradient of 0 would move them.</summary>
    Decayed,
}

/// <summary>How the head (the loss and its proxies) is computed; the same for every loss of a comparison.</summary>
public sealed record HeadOptions
{
    [Description("auto, straight, stored (logits kept) or tiled (no B x C matrix)")]
    public HeadImplementation Implementation { get; init; }

    [Description("what computes stored and tiled: auto (fused C# on a CPU that has the vectors) or libtorch")]
    public HeadKernel Kernel { get; init; }

    [Description("auto keeps logits while they take no more than this many MiB")]
    [Range(0, 1 << 24)]
    public int LogitMegabytes { get; init; } = 1024;

    [Description("inside the head's products: highest (float32), high (TF32 on a GPU) or medium (bfloat16 on a CPU)")]
    public MatmulPrecision MatmulPrecision { get; init; }

    [Description("share of the identities drawn for each step (Partial FC); those of the batch are always among them")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double PartialRate { get; init; } = 1;

    [Description("identities not drawn for a step: frozen or decayed")]
    public Unsampled Unsampled { get; init; }

    [Description("SGD on a gradient that touches few proxies (NPT): exact (as dense SGD) or lazy (only those touched move)")]
    public SparseUpdate SparseUpdate { get; init; }

    /// <summary>Returns why these options contradict each other; null when they do not.</summary>
    public string? Problem() => Implementation == HeadImplementation.Straight && PartialRate < 1
        ? "head: the straight formulation computes all identities; with partialRate below 1 set implementation to auto"
        : null;

    /// <summary>Returns why a loss cannot be computed with these options; null when it can.</summary>
    /// <param name="loss">Its name, for the message.</param>
    /// <param name="hasKernel">Whether anything but the straight formulation can compute it.</param>
    public string? Problem(string loss, bool hasKernel) =>
        !hasKernel && (Implementation is HeadImplementation.Stored or HeadImplementation.Tiled || PartialRate < 1)
        ? $"{loss}: has the straight formulation only; set head.implementation to auto or straight, and partialRate to 1"
        : null;
}

/// <summary>How a batch was computed, for the record.</summary>
/// <param name="Implementation">Straight, stored or tiled, never auto.</param>
/// <param name="Kernel">What computes it: autograd, fused (vectorised C#) or libtorch.</param>
/// <param name="Classes">Identities that take part in a step.</param>
public sealed record HeadChoice(HeadImplementation Implementation, string Kernel, int Classes);
