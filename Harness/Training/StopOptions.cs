using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Harness.Training;

/// <summary>
/// The rules that end a training early. They read only the training loss, never a test, so they cannot favour a figure. They compare with
/// the first log point, whose loss must be above 0; docs/suites.md lists the losses for which that comparison says little.
/// </summary>
public sealed record StopOptions
{
    [Description("diverged if the mean loss between two log points is more than this many times the first one's; null: no such rule")]
    [Range(1.0, 1e9, MinimumIsExclusive = true)]
    public double? DivergedFactor { get; init; } = 10;

    [Description("at chance if no log point up to this epoch has a loss of at most chanceShare of the first one's; null: no such rule")]
    [Range(0.0, 10000.0, MinimumIsExclusive = true)]
    public double? ChanceEpochs { get; init; } = 5;

    [Description("share of the first log point's loss that counts as learning; with chanceEpochs")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double ChanceShare { get; init; } = 0.98;

    /// <summary>Returns the rule that the last log point breaks; null if it breaks none.</summary>
    /// <param name="history">All log points so far, at least one.</param>
    public Stopped? Judge(IReadOnlyList<HistoryPoint> history)
    {
        var first = history[0].Loss;
        if (!(first > 0)) return null; // a share of 0 says nothing
        return Diverged(first, history[^1]) ?? AtChance(first, history);
    }

    private Stopped? Diverged(double first, HistoryPoint last)
    {
        if (DivergedFactor is not { } factor || last.Loss <= factor * first) return null;
        return new Stopped(last.Step, TrialStatus.Diverged,
            $"the mean loss since the previous log point is more than {factor} times the {first:g4} of the first (divergedFactor)",
                factor * first, last.Loss);
    }

    /// <summary>Judged once, at the first log point at or after the epoch.</summary>
    private Stopped? AtChance(double first, IReadOnlyList<HistoryPoint> history)
    {
        if (ChanceEpochs is not { } epochs || history[^1].Epoch < epochs) return null;
        if (history.Count > 1 && history[^2].Epoch >= epochs) return null; // judged there
        var lowest = history.Min(point => point.Loss);
        if (lowest <= ChanceShare * first) return null;
        return new Stopped(history[^1].Step, TrialStatus.AtChance,
            $"no log point up to epoch {epochs} had a mean loss of {ChanceShare} times the {first:g4} of the first or less " +
            $"(chanceEpochs, chanceShare)", ChanceShare * first, lowest);
    }
}
