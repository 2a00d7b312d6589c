using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>The figures of a suite that names none.</summary>
public static class DefaultFigures
{
    /// <summary>A larger suite gets the first figures only: drawing is most of a report's time.</summary>
    public const int ManyConditions = 12;

    /// <summary>What tables cannot show of each condition and test, and the metric over the resolution where there are several.</summary>
    public static IReadOnlyList<FigureOptions> For(Suite suite)
    {
        var conditions = suite.Conditions();
        var figures = new List<FigureOptions> { new MetricByLossOptions(), new RocOptions() };
        if (conditions.Count <= ManyConditions)
            figures.AddRange([new ForestOptions(), new DetOptions(), new CmcOptions(), new ScoreDistributionsOptions()]);
        figures.Add(new TrainingCurvesOptions());
        if (conditions.GroupBy(condition => condition with { Resolution = 0 }).Any(alike => alike.Count() > 1))
            figures.Add(new MetricByAxisOptions { X = "resolutions", Logarithmic = true });
        return figures;
    }
}
