using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ablation.Harness.Training;

/// <summary>
/// When a training is given up. The rules look at the training loss alone, never at a test, so they choose nothing in favour of
/// a figure. They compare with the first look, whose loss must be above 0; docs/suites.md tells for which losses that says little.
/// </summary>
public sealed record StopOptions
{
    [Description("diverged where the mean loss between two looks is more than this many times that of the first look; null: no such rule")]
    [Range(1.0, 1e9, MinimumIsExclusive = true)]
    public double? DivergedFactor { get; init; } = 10;

    [Description("at chance where no look up to this epoch shows a loss of chanceShare of the first look's or less; null: no such rule")]
    [Range(0.0, 10000.0, MinimumIsExclusive = true)]
    public double? ChanceEpochs { get; init; } = 5;

    [Description("share of the first look's loss that counts as having learnt something; with chanceEpochs")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double ChanceShare { get; init; } = 0.98;

    /// <summary>The rule that the last of some looks breaks; null where it breaks none.</summary>
    /// <param name="history">All looks so far, one at least.</param>
    public Stopped? Judge(IReadOnlyList<HistoryPoint> history)
    {
        var first = history[0].Loss;
        if (!(first > 0)) return null; // a share of nothing says nothing
        return Diverged(first, history[^1]) ?? AtChance(first, history);
    }

    private Stopped? Diverged(double first, HistoryPoint last)
    {
        if (DivergedFactor is not { } factor || last.Loss <= factor * first) return null;
        return new Stopped(last.Step, TrialStatus.Diverged,
            $"the mean loss since the look before is more than {factor} times the {first:g4} of the first look (divergedFactor)",
                factor * first, last.Loss);
    }

    /// <summary>Judged once, at the first look at or after the epoch.</summary>
    private Stopped? AtChance(double first, IReadOnlyList<HistoryPoint> history)
    {
        if (ChanceEpochs is not { } epochs || history[^1].Epoch < epochs) return null;
        if (history.Count > 1 && history[^2].Epoch >= epochs) return null; // it was judged then
        var lowest = history.Min(point => point.Loss);
        if (lowest <= ChanceShare * first) return null;
        return new Stopped(history[^1].Step, TrialStatus.AtChance,
            $"no look up to epoch {epochs} showed a mean loss of {ChanceShare} times the {first:g4} of the first look or less " +
            $"(chanceEpochs, chanceShare)", ChanceShare * first, lowest);
    }
}

/// <summary>A training that one of its suite's rules ended.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="What"><see cref="TrialStatus.Diverged"/> or <see cref="TrialStatus.AtChance"/>.</param>
/// <param name="Rule">The rule in words, with its numbers.</param>
/// <param name="Threshold">The loss that would still have passed.</param>
/// <param name="Value">The loss that did not: that of the last look, or the lowest of all looks.</param>
public sealed record Stopped(long Step, TrialStatus What, string Rule, double Threshold, double Value);
