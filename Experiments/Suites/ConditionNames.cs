namespace Ablation.Experiments.Suites;

/// <summary>
/// Names each condition for tables: by its name in the suite, or else by network, resolution and what distinguishes it from the others.
/// </summary>
internal static class ConditionNames
{
    public static Dictionary<Condition, string> Build(Suite suite)
    {
        var (networks, networkLabels) = (suite.Networks().ToList(), Labels.Of(suite.Networks()));
        var trainings = suite.WaysToTrain().ToList();
        var (sets, setLabels) = (suite.Data.ToList(), Labels.Of(suite.Data));
        return suite.Conditions().Distinct().ToDictionary(condition => condition, condition =>
        {
            var training = trainings.Count == 1 || suite.Given is not null ? "" : $", training {trainings.IndexOf(condition.Training) + 1}";
            var data = sets.Count == 1 ? "" : $", {setLabels[sets.IndexOf(condition.Data)]}";
            return (condition.Name ?? $"{networkLabels[networks.IndexOf(condition.Backbone)]}, {condition.Resolution} px{training}") + data;
        });
    }
}
