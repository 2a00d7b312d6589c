namespace Ablation.Experiments.Reports.Figures;

/// <summary>The figures of a suite that names none.</summary>
internal static class DefaultFigures
{
    /// <summary>A larger suite gets the first figures only: drawing is most of a report's time.</summary>
    public const int ManyConditions = 12;

    public static IReadOnlyList<FigureOptions> Of(Suite suite)
    {
        var conditions = suite.Conditions();
        var figures = new List<FigureOptions> { new MetricByLossOptions(), new RocOptions() };
        if (conditions.Count <= ManyConditions) figures.AddRange([new ForestOptions(), new DetOptions(), new CmcOptions(), new ScoreDistributionsOptions()]);
        figures.Add(new TrainingCurvesOptions());
        if (conditions.Select(condition => condition.Resolution).Distinct().Count() > 1) figures.Add(new MetricByAxisOptions { X = "resolutions", Logarithmic = true });
        return figures;
    }
}
