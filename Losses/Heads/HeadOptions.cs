using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ablation.Losses.Heads;

/// <summary>How a loss is computed; none of them changes what is computed by more than rounding.</summary>
public enum HeadImplementation
{
    /// <summary>Stored while the logits fit the budget, tiled beyond it; straight for a loss that has no kernel.</summary>
    Auto,

    /// <summary>Through autograd over the whole B x C matrix: the plain formulation, which the others are compared with.</summary>
    Straight,

    /// <summary>One B x C matrix of logits is kept between forward and backward: three products.</summary>
    Stored,

    /// <summary>No B x C matrix at all; tiles are computed again in the backward pass: four products.</summary>
    Tiled,
}

/// <summary>Who computes the stored and tiled implementations.</summary>
public enum HeadKernel
{
    /// <summary>Fused kernels in vectorised C# where they serve (float32 on a CPU with the vectors), libtorch elsewhere.</summary>
    Auto,

    /// <summary>libtorch, on any device and in any precision.</summary>
    Libtorch,
}

/// <summary>What happens inside the products of the head. The backbone is not concerned.</summary>
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
    /// A proxy without a gradient stands still, its momentum too. Faster, and another optimiser: docs/losses.md tells by how much.
    /// </summary>
    Lazy,
}

/// <summary>What proxies that were not drawn do in a step.</summary>
public enum Unsampled
{
    /// <summary>They stand still.</summary>
    Frozen,

    /// <summary>They move by momentum and decay, as dense SGD with a gradient of 0 would move them.</summary>
    Decayed,
}

/// <summary>How the head, the loss with its proxies, is computed. The same for every loss of a comparison.</summary>
public sealed record HeadOptions
{
    [Description("auto, straight, stored (logits kept) or tiled (no B x C matrix)")]
    public HeadImplementation Implementation { get; init; }

    [Description("who computes stored and tiled: auto (fused C# on a CPU that has the vectors) or libtorch")]
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

    /// <summary>Why these options do not go together; null when they do.</summary>
    public string? Problem() => Implementation == HeadImplementation.Straight && PartialRate < 1
        ? "head: the straight formulation computes all identities; with partialRate below 1 set implementation to auto"
        : null;

    /// <summary>Why a loss cannot be computed so; null when it can.</summary>
    /// <param name="loss">Its name, for the message.</param>
    /// <param name="hasKernel">Whether anything but the straight formulation can compute it.</param>
    public string? Problem(string loss, bool hasKernel) =>
        !hasKernel && (Implementation is HeadImplementation.Stored or HeadImplementation.Tiled || PartialRate < 1)
        ? $"{loss}: has the straight formulation only; set head.implementation to auto or straight, and partialRate to 1"
        : null;
}

/// <summary>What was chosen for a batch, for the record.</summary>
/// <param name="Implementation">Straight, stored or tiled, never auto.</param>
/// <param name="Kernel">Who computes it: autograd, fused (vectorised C#) or libtorch.</param>
/// <param name="Classes">Identities that take part in a step.</param>
public sealed record HeadChoice(HeadImplementation Implementation, string Kernel, int Classes);
