using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ablation.Harness.Batches;

/// <summary>What to do when a training picture cannot be decoded.</summary>
public enum OnBadImage
{
    /// <summary>Training ends with the error.</summary>
    Stop,

    /// <summary>The next readable picture of the epoch's order replaces it, and the bad one is listed.</summary>
    Skip,
}

/// <summary>How pictures are brought to the step. Only <see cref="BatchSize"/>, <see cref="DropLast"/> and
/// <see cref="OnBadImage"/> can change a result; the others change speed and memory.</summary>
[Description("How pictures are brought to the training step.")]
public sealed record BatchOptions
{
    [Description("Pictures per step."), Range(1, 65536)]
    public int BatchSize { get; init; } = 128;

    [Description("Leaves the last, smaller batch of an epoch out.")]
    public bool DropLast { get; init; } = true;

    [Description("Threads that decode and augment; 0: one less than the machine has cores."), Range(0, 256)]
    public int Workers { get; init; }

    [Description("Batches held in memory, the one in use included."), Range(1, 64)]
    public int Buffers { get; init; } = 4;

    [Description("A picture that cannot be decoded: stop, or skip and list it.")]
    public OnBadImage OnBadImage { get; init; } = OnBadImage.Stop;

    /// <summary><see cref="Workers"/>, or the default of this machine for 0.</summary>
    internal int WorkerThreads => Workers > 0 ? Workers : Math.Max(1, Environment.ProcessorCount - 1);
}
