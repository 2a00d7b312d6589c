using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>Checks the rules of a suite beyond the types and ranges of its keys.</summary>
internal static class SuiteRules
{
    private static readonly int[] Sides = [.. Enumerable.Range(1, 4096)];
    private static readonly string[] Grid = ["backbones", "resolutions", "trainings"];

    /// <summary>Returns all problems, each with its key.</summary>
    public static IEnumerable<string> Problems(Suite suite)
    {
        if (SuiteSize.Problem(suite) is { } size)
        {
            yield return size;
            yield break; // the checks below read every entry
        }

        if (suite.DataSet is null == suite.DataSets is null)
            yield return suite.DataSet is null
                ? "data: missing; give the training images as data, or several sets as dataSets"
                : "dataSets: data is given too; leave one of them out";
        var lists = SuiteLists.Problems(suite).ToList();
        foreach (var problem in lists) yield return problem;
        // the checks below need entries that are not null
        if (lists.Any(problem => problem.EndsWith(OptionLists.NullEntry, StringComparison.Ordinal))) yield break;

        var labels = Labels.Of(suite.Losses);
        if (suite.Losses.Count > 0 && !labels.Contains(suite.BaselineLabel()))
            yield return $"baseline: \"{suite.Baseline}\" is not one of the losses; {NearName.Hint(suite.Baseline ?? "", labels)}";
        foreach (var loss in suite.Losses)
        {
            foreach (var problem in loss.Problems(new LossShape(int.MaxValue, 2))) // more classes than any k needs
                yield return $"losses: {Catalog.NameOf(loss)}: {problem}";
        }

        foreach (var problem in Shape(suite).Concat(TableRules.Problems(suite)).Concat(ClaimRules.Problems(suite))) yield return problem;
        foreach (var (backbone, resolution) in suite.Conditions().Select(condition => (condition.Backbone, condition.Resolution)).Distinct()
            .Where(at => !at.Backbone.Accepts(at.Resolution)))
            yield return $"resolutions: {Catalog.NameOf(backbone)} does not accept {resolution} x {resolution} pixels; it takes " +
                $"{Sides.First(backbone.Accepts)} to {Sides.Last(backbone.Accepts)}";

        foreach (var training in suite.WaysToTrain())
        {
            if (training.Batch % training.Accumulate != 0)
                yield return $"trainings: batch {training.Batch} cannot be cut into {training.Accumulate} micro-batches";
            else if (training.Batch / training.Accumulate < 2)
                yield return "trainings: a micro-batch of one image has no batch statistics; lower accumulate";
            if (!training.DropLast && training.Accumulate > 1)
                yield return $"trainings: dropLast is false and accumulate {training.Accumulate}: images of a smaller micro-batch would " +
                    "weigh more in their step; set accumulate to 1, or dropLast to true";
            if (training.Epochs > 0 && training.WarmUpEpochs > training.Epochs)
                yield return $"trainings: warmUpEpochs {training.WarmUpEpochs} of {training.Epochs} epochs; the base rate is never reached";
            if (training.Schedule is StepOptions step && step.At.Any(at => at <= 0 || at >= training.Epochs))
                yield return $"trainings: schedule at {string.Join(", ", step.At)} of {training.Epochs} epochs; each must lie between them";
            foreach (var augment in suite.Conditions().Where(condition => condition.Training == training)
                .Select(condition => training.Augment.Problem(condition.Resolution)).OfType<string>().Distinct())
                yield return $"trainings: {augment}";
            if (ProxyMemory.Problem(training) is { } memory) yield return $"trainings: {memory}";
            if (training.Head.Problem() is { } head) yield return $"trainings: {head}";
            if (training is
                {
                    Optimizer: OptimizerKind.AdamW,
                    Head: { PartialRate: < 1, Unsampled: Unsampled.Frozen } or { PartialRate: 1, SparseUpdate: SparseUpdate.Lazy }
                })
                yield return "trainings: adamW moves every proxy at every step; set head.unsampled to decayed (with partialRate) or " +
                    "head.sparseUpdate to exact";
            if (training is { Epochs: > 0, Stop.ChanceEpochs: { } chance } && chance >= training.Epochs)
                yield return $"trainings: stop.chanceEpochs {chance} of {training.Epochs} epochs; the rule would not end anything early: " +
                    $"lower it, or set it to null";
            if (training.Epochs == 0) yield return "trainings: epochs is 0; use untrained to add the untrained network";
        }

        foreach (var problem in TuneRules.Problems(suite)) yield return problem;
        foreach (var figure in suite.Figures ?? [])
        {
            foreach (var problem in figure.Problems(suite).Distinct()) yield return $"figures: {Catalog.NameOf(figure)}: {problem}";
        }
    }

    /// <summary>Checks that conditions are given in one of the two ways, and have different names.</summary>
    private static IEnumerable<string> Shape(Suite suite)
    {
        var empty = new[] { suite.Backbones.Count, suite.Resolutions.Count, suite.Trainings.Count }.Zip(Grid).Where(part => part.First == 0)
            .Select(part => part.Second).ToList();
        if (suite.Given is null)
        {
            foreach (var key in empty) yield return $"{key}: empty; at least one is needed";
            yield break;
        }

        foreach (var key in Grid.Except(empty)) yield return $"{key}: conditions are given one by one; leave {key} out, or conditions";
        if (suite.Given.Select(one => one.Name).OfType<string>().GroupBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault(same => same.Count() > 1) is { } repeated)
            yield return $"conditions: two are called \"{repeated.Key}\"; give them different names, and a condition with a sweep none";
    }
}
