using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ablation.Harness.Training;

/// <summary>
/// When a training is given up. The rules look at the training loss alone, never at a test, so they choose nothing in favour of
/// a figure. They compare with the first look, whose loss must be above 0; docs/suites.md tells for which losses that says little.
/// </summary>
public sealed record StopOptions
{
    [Description("diverged where the mean loss between two looks is more than this many times that of the first look")]
    [Range(1.0, 1e9, MinimumIsExclusive = true)]
    public double? DivergedFactor { get; init; }

    [Description("at chance where no look up to this epoch has shown a loss of chanceShare of the first look's or less")]
    [Range(0.0, 10000.0, MinimumIsExclusive = true)]
    public double? ChanceEpochs { get; init; }

    [Description("share of the first look's loss that counts as having learnt something, 0.98 for example; with chanceEpochs")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? ChanceShare { get; init; }

    /// <summary>What the last look broke of the first rule, in words; null where it did not.</summary>
    public string? Diverged(IReadOnlyList<HistoryPoint> history)
    {
        var (first, loss) = (history[0].Loss, history[^1].Loss);
        return DivergedFactor is { } factor && first > 0 && loss > factor * first
            ? FormattableString.Invariant($"mean loss {loss:g4} since the look before, more than {factor} times the {first:g4} of the first look (divergedFactor)")
            : null;
    }

    /// <summary>Whether the last look is the first one at or after the epoch of the second rule, and nothing was learnt by then.</summary>
    public Stopped? AtChance(IReadOnlyList<HistoryPoint> history)
    {
        if (ChanceEpochs is not { } epochs || ChanceShare is not { } share || history[^1].Epoch < epochs) return null;
        if (history.Count > 1 && history[^2].Epoch >= epochs) return null; // it was judged then
        var (first, lowest) = (history[0].Loss, history.Min(point => point.Loss));
        return first > 0 && lowest > share * first
            ? new Stopped(FormattableString.Invariant($"lowest mean loss {lowest:g4} by epoch {epochs}, above {share} of the {first:g4} of the first look (chanceEpochs, chanceShare)"), history[^1].Step, lowest, first)
            : null;
    }
}
