using System.Globalization;
using Ablation.Losses;

namespace Ablation.Experiments;

/// <summary>What a suite must fulfil beyond the types and ranges of its keys.</summary>
internal static class SuiteRules
{
    /// <summary>Every problem at once, each with the key it concerns.</summary>
    public static IEnumerable<string> Problems(Suite suite)
    {
        foreach (var property in typeof(Suite).GetProperties())
        {
            if (property.GetValue(suite) is not System.Collections.ICollection list) continue;
            if (list.Count == 0) yield return $"{OptionRanges.SuiteName(property)}: empty; at least one is needed";
            if (list.Cast<object>().Distinct().Count() < list.Count) yield return $"{OptionRanges.SuiteName(property)}: the same entry twice; a trial runs once";
        }

        var labels = Labels.Of(suite.Losses);
        if (suite.Losses.Count > 0 && !labels.Contains(suite.BaselineLabel()))
            yield return $"baseline: \"{suite.Baseline}\" is none of the losses; known: {string.Join(", ", labels)}";
        foreach (var loss in suite.Losses)
        {
            foreach (var problem in loss.Problems(new LossShape(int.MaxValue, 2))) // more classes than any k asks for
                yield return $"losses: {Catalog.NameOf(loss)}: {problem}";
        }

        foreach (var backbone in suite.Backbones)
        {
            foreach (var resolution in suite.Resolutions.Where(resolution => !backbone.Accepts(resolution)))
                yield return string.Create(CultureInfo.InvariantCulture, $"resolutions: {Catalog.NameOf(backbone)} does not take {resolution} x {resolution} pixels");
        }

        foreach (var training in suite.Trainings)
        {
            if (training.Batch % training.Accumulate != 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"trainings: batch {training.Batch} cannot be cut into {training.Accumulate} micro-batches");
            else if (training.Batch / training.Accumulate < 2)
                yield return "trainings: a micro-batch of one image has no batch statistics; lower accumulate";
            if (training.Epochs == 0) yield return "trainings: epochs is 0; use untrained to add the untrained network";
        }
    }
}
