using System.ComponentModel;

namespace Ablation.Experiments.Suites;

/// <summary>What a suite sets out to show: the answer at the head of the report says yes or no to it.</summary>
public sealed record ClaimOptions
{
    [Description("label of the loss that the claim is about")]
    public required string Subject { get; init; }

    [Description("whether it is claimed to be better than the baseline; false: worse")]
    public bool Better { get; init; } = true;
}
