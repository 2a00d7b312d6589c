using Ablation.Harness.Training;

namespace Ablation.Experiments.Suites;

/// <summary>
/// Names each condition for tables: by its name in the suite, or else by network, resolution and what distinguishes it from the others.
/// </summary>
internal static class ConditionNames
{
    private const int LongestWay = 60;

    public static Dictionary<Condition, string> Build(Suite suite)
    {
        var (networks, networkLabels) = (suite.Networks().ToList(), Labels.Of(suite.Networks()));
        var trainings = suite.WaysToTrain().ToList();
        var ways = suite.Given is null && trainings.Count > 1 ? Ways(trainings) : [.. trainings.Select(_ => "")];
        var (sets, setLabels) = (suite.Data.ToList(), Labels.Of(suite.Data));
        return suite.Conditions().Distinct().ToDictionary(condition => condition, condition =>
        {
            var training = ways[trainings.IndexOf(condition.Training)];
            var data = sets.Count == 1 ? "" : $", {setLabels[sets.IndexOf(condition.Data)]}";
            return (condition.Name ?? $"{networkLabels[networks.IndexOf(condition.Backbone)]}, {condition.Resolution} px{training}") + data;
        });
    }

    /// <summary>Returns ", batch 256": what distinguishes a training from the others, or its number where that is long.</summary>
    private static IReadOnlyList<string> Ways(IReadOnlyList<TrainingOptions> trainings)
    {
        var differences = Labels.Differences([.. trainings]);
        return differences.Any(text => text.Length > LongestWay)
            ? [.. trainings.Select((_, i) => $", training {i + 1}")] : [.. differences.Select(text => $", {text}")];
    }
}
