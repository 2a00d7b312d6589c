using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>Checks the rules of a <c>tune</c> block beyond the types and ranges of its keys.</summary>
internal static class TuneRules
{
    /// <summary>Returns all problems, each with its key. Assumes that the suite has losses, conditions and seeds.</summary>
    public static IEnumerable<string> Problems(Suite suite)
    {
        if (suite.Tune is not { } tune) yield break;
        if (SeedProblem(suite) is { } seeds) yield return seeds;
        if (tune.Pairs % (2 * TuneOptions.Folds) != 0)
            yield return $"tune: pairs: {tune.Pairs} cannot be split into {TuneOptions.Folds} folds, half of each of one person; choose " +
                $"a multiple of {2 * TuneOptions.Folds}";
        if (suite.Conditions() is not [var condition])
        {
            yield return $"tune: the suite has {suite.Conditions().Count} conditions; tuning chooses for one network, resolution and " +
                $"training: write one suite per condition";
            yield break;
        }

        var (names, labels) = (suite.Losses.Select(Catalog.NameOf).ToList(), Labels.Of(suite.Losses));
        if (names.Zip(labels).GroupBy(loss => loss.First).FirstOrDefault(same => same.Count() > 1
                && same.Any(loss => !tune.Space.ContainsKey(loss.Second))) is { } repeated)
            yield return $"tune: losses: {repeated.Key} is given {repeated.Count()} times, and the best of its rows would have a " +
                $"multiple of the budget of another; name it once, or make each a competitor of its own by a space under its label: " +
                $"{string.Join(", ", repeated.Select(loss => $"\"{loss.Second}\""))}";
        List<string> known = [.. new[] { SearchSpace.EveryLoss }.Concat(names).Concat(labels).Distinct()];
        foreach (var unknown in tune.Space.Keys.Except(known))
            yield return $"tune: space: \"{unknown}\" is not one of the losses; known: {string.Join(", ", known)}";
        foreach (var special in (tune.Space.GetValueOrDefault(SearchSpace.EveryLoss)?.Keys ?? [])
            .Where(key => !TunableKey.IsOfTraining(key)))
            yield return $"tune: space: \"{SearchSpace.EveryLoss}\": not every loss has {special}; name the loss instead of " +
                $"\"{SearchSpace.EveryLoss}\"";
        if (condition.Training.ProxyMemoryEpochs is not null
            && tune.Space.Any(keys => keys.Value.ContainsKey("training.proxyRateFactor")))
            yield return "tune: space: training.proxyRateFactor, where the training gives proxyMemoryEpochs; both set the proxies' rate: " +
                "search training.proxyMemoryEpochs";
        if (tune.Method == TuneMethod.SuccessiveHalving && tune.MinimumEpochs >= condition.Training.Epochs)
            yield return $"tune: minimumEpochs {tune.MinimumEpochs} of {condition.Training.Epochs} epochs; there would be one round: " +
                $"lower it, or set method to random";
        if (tune.Method == TuneMethod.SuccessiveHalving && tune.Trials < tune.Reduction)
            yield return $"tune: {tune.Trials} trials with reduction {tune.Reduction}; the first round would leave none out: raise trials";
        foreach (var problem in suite.Losses.Zip(labels).SelectMany(loss =>
            new SearchSpace(tune, loss.First, loss.Second, condition.Training).Problems()).Distinct())
            yield return $"tune: space: {problem}";
    }

    /// <summary>Returns the problem of a seed in both lists, which would favour the chosen configuration; null if there is none.</summary>
    public static string? SeedProblem(Suite suite) => suite.Tune?.Seeds.Intersect(suite.Seeds).ToList() is { Count: > 0 } shared
        ? $"tune: seeds: {string.Join(", ", shared)} also in the suite's seeds; the chosen configurations must run with new seeds: " +
            $"use others for tuning" : null;
}
