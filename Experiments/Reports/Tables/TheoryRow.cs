using Ablation.Harness.Theory;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The trials of one loss in one condition.</summary>
/// <param name="Trials">Trials by seed.</param>
public sealed record TheoryRow(string Loss, IReadOnlyList<StoredTrial> Trials)
{
    /// <summary>Theory figures of the trials that have them.</summary>
    public IEnumerable<TheoryFigures> Figures => Trials.Select(trial => trial.Result?.Theory).OfType<TheoryFigures>();

    /// <summary>Log points of all trials in sequence.</summary>
    public IEnumerable<ProxyAngles> LogPoints =>
        Trials.SelectMany(trial => trial.History.Measured).Select(point => point.Angles).OfType<ProxyAngles>();

    /// <summary>Names of what the loss follows, in order.</summary>
    public IEnumerable<string> Followed => Trials.SelectMany(trial => trial.History.Measured)
        .SelectMany(point => point.Followed?.Keys ?? []).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Last log point of each finished trial.</summary>
    public IEnumerable<ProxyAngles> LastLogPoints =>
        Trials.Where(trial => trial.Result?.Theory is not null)
        .Select(trial => trial.History.Measured.Select(point => point.Angles).OfType<ProxyAngles>().LastOrDefault()).OfType<ProxyAngles>();
}
