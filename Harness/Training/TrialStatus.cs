namespace Ablation.Harness.Training;

/// <summary>How a trial ended.</summary>
public enum TrialStatus
{
    Done,

    /// <summary>The loss became NaN or infinite, or broke the suite's rule; running it again would do the same.</summary>
    Diverged,

    /// <summary>The training had learned nothing by the epoch that its suite sets; running it again would do the same.</summary>
    AtChance,
}

/// <summary>The suite's rule that ended a training.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="What"><see cref="TrialStatus.Diverged"/> or <see cref="TrialStatus.AtChance"/>.</param>
/// <param name="Rule">The rule in words, with its numbers.</param>
/// <param name="Threshold">The largest loss allowed.</param>
/// <param name="Value">The loss that exceeded it: that of the last log point, or the lowest of all.</param>
public sealed record Stopped(long Step, TrialStatus What, string Rule, double Threshold, double Value);
