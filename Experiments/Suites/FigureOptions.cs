using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// A figure that a suite requests. There is one record per kind, in a separate file in Reports/Figures that also draws it; found by
/// reflection.
/// </summary>
[ChosenByType]
public abstract record FigureOptions
{
    /// <summary>
    /// Returns the options that do not fit the suite, before training. Names of tests and metrics come from results, so they are checked
    /// when the figure is drawn.
    /// </summary>
    public virtual IEnumerable<string> Problems(Suite suite) => [];
}
