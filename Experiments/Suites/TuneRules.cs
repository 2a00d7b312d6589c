using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>What a <c>tune</c> block must fulfil beyond the types and ranges of its keys.</summary>
internal static class TuneRules
{
    /// <summary>Every problem, each with the key it concerns. The losses, conditions and seeds of the suite are there.</summary>
    public static IEnumerable<string> Problems(Suite suite)
    {
        if (suite.Tune is not { } tune) yield break;
        if (SeedProblem(suite) is { } seeds) yield return seeds;
        if (tune.Pairs % (2 * TuneOptions.Folds) != 0)
            yield return $"tune: pairs: {tune.Pairs} cannot be split into {TuneOptions.Folds} folds, half of each of one person; choose " +
                $"a multiple of {2 * TuneOptions.Folds}";
        if (suite.Conditions() is not [var condition])
        {
            yield return $"tune: the suite has {suite.Conditions().Count} conditions; a choice holds for one network, resolution and " +
                $"training: make a suite of each";
            yield break;
        }

        if (suite.Losses.GroupBy(loss => loss.GetType()).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            yield return $"tune: losses: {Catalog.NameOf(twice.Key)} stands there {twice.Count()} times and would have as many times " +
                $"the budget of another; name it once";
        var names = suite.Losses.Select(Catalog.NameOf).ToList();
        foreach (var unknown in tune.Space.Keys.Where(key => key != SearchSpace.EveryLoss && !names.Contains(key)))
            yield return $"tune: space: \"{unknown}\" is none of the losses; known: {string.Join(", ", [SearchSpace.EveryLoss, .. names])}";
        foreach (var own in (tune.Space.GetValueOrDefault(SearchSpace.EveryLoss)?.Keys ?? []).Where(key => !TunableKey.IsOfTraining(key)))
            yield return $"tune: space: \"{SearchSpace.EveryLoss}\": {own} is no key of every loss; name the loss in place of " +
                $"\"{SearchSpace.EveryLoss}\"";
        if (tune.Method == TuneMethod.SuccessiveHalving && tune.MinimumEpochs >= condition.Training.Epochs)
            yield return $"tune: minimumEpochs {tune.MinimumEpochs} of {condition.Training.Epochs} epochs; there would be one round: " +
                $"lower it, or set method to random";
        if (tune.Method == TuneMethod.SuccessiveHalving && tune.Trials < tune.Reduction)
            yield return $"tune: {tune.Trials} trials with reduction {tune.Reduction}; the first round would leave none out: raise trials";
        foreach (var problem in suite.Losses.SelectMany(loss => new SearchSpace(tune, loss, condition.Training).Problems()).Distinct())
            yield return $"tune: space: {problem}";
    }

    /// <summary>A seed that tuned would favour the configuration that it chose; null where there is none.</summary>
    public static string? SeedProblem(Suite suite) => suite.Tune?.Seeds.Intersect(suite.Seeds).ToList() is { Count: > 0 } shared
        ? $"tune: seeds: {string.Join(", ", shared)} also in the suite's seeds; the chosen configurations are to be run with fresh " +
            $"seeds: take others for tuning" : null;
}
