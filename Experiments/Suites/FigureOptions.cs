using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// A figure that a suite asks for: what it shows. One record per kind, in a file of its own in Reports/Figures, which also draws it; found
/// by reflection.
/// </summary>
[ChosenByType]
public abstract record FigureOptions
{
    /// <summary>
    /// Returns what in these options does not fit the suite, before anything is trained. Names of tests and metrics come from results, so
    /// they are checked when the figure is drawn.
    /// </summary>
    public virtual IEnumerable<string> Problems(Suite suite) => [];
}
