using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Chooses the figures of a suite: those that it requests, or a default choice.</summary>
public static class SuiteFigures
{
    /// <summary>A larger suite gets the first figures only: drawing is most of a report's time.</summary>
    public const int ManyConditions = DrawnFigure.ManyConditions;

    public static IReadOnlyList<DrawnFigure> For(Suite suite) =>
        suite.Figures is { } figures ? [.. figures.Cast<DrawnFigure>()] : Default(suite);

    /// <summary>Default figures, without DET, which is the ROC again: what tables cannot show of each condition and test, and the metric
    /// over the resolution if there are
    /// several.</summary>
    private static List<DrawnFigure> Default(Suite suite)
    {
        var conditions = suite.Conditions();
        var figures = new List<DrawnFigure> { new MetricByLossOptions(), new RocOptions() };
        if (conditions.Count <= ManyConditions)
            figures.AddRange([new ForestOptions(), new CmcOptions(), new ScoreDistributionsOptions()]);
        figures.Add(new TrainingCurvesOptions());
        if (conditions.GroupBy(condition => condition with { Resolution = 0 }).Any(alike => alike.Count() > 1))
            figures.Add(new MetricByAxisOptions { X = "resolutions", Logarithmic = true });
        return figures;
    }
}
