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
        var names = suite.Conditions().Distinct().ToDictionary(condition => condition, condition =>
        {
            var training = ways[trainings.IndexOf(condition.Training)];
            var data = sets.Count == 1 ? "" : $", {setLabels[sets.IndexOf(condition.Data)]}";
            return (condition.Name ?? $"{networkLabels[networks.IndexOf(condition.Backbone)]}, {condition.Resolution} px{training}") + data;
        });
        // conditions that are given one by one, without names
        foreach (var alike in names.GroupBy(name => name.Value, name => name.Key).Where(same => same.Count() > 1).ToList())
        {
            var differing = Ways([.. alike.Select(condition => condition.Training)]);
            foreach (var (i, condition) in alike.Index()) names[condition] += differing[i];
        }

        return names;
    }

    /// <summary>Returns ", batch 256": what distinguishes a training from the others, or its number where that is long.</summary>
    private static IReadOnlyList<string> Ways(IReadOnlyList<TrainingOptions> trainings)
    {
        var differences = Labels.Differences([.. trainings]);
        return differences.Any(text => text.Length is 0 or > LongestWay) || differences.Distinct().Count() < differences.Count
            ? [.. trainings.Select((_, i) => $", training {i + 1}")] : [.. differences.Select(text => $", {text}")];
    }
}
