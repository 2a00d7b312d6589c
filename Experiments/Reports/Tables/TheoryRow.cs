using Ablation.Harness.Theory;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The trials of one loss in one condition.</summary>
/// <param name="Trials">By seed.</param>
public sealed record TheoryRow(string Loss, IReadOnlyList<StoredTrial> Trials)
{
    /// <summary>Of the trials that have them.</summary>
    public IEnumerable<TheoryFigures> Figures => Trials.Select(trial => trial.Result?.Theory).OfType<TheoryFigures>();

    /// <summary>Of all trials, one after another.</summary>
    public IEnumerable<ProxyAngles> LogPoints =>
        Trials.SelectMany(trial => trial.History).Select(point => point.Angles).OfType<ProxyAngles>();

    /// <summary>The last log point of each trial that ended.</summary>
    public IEnumerable<ProxyAngles> LastLogPoints =>
        Trials.Where(trial => trial.Result?.Theory is not null)
        .Select(trial => trial.History.Select(point => point.Angles).OfType<ProxyAngles>().LastOrDefault()).OfType<ProxyAngles>();
}
