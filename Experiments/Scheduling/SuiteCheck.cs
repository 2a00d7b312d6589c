using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Losses.Heads;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Checks trials against their data before the first one runs: the one check of <c>plan</c>, <c>run</c> and <c>submit</c>. It uses
/// <see cref="TrialRules"/>, as each trial does.
/// </summary>
public static class SuiteCheck
{
    /// <summary>Returns all problems, each with its key and a cure. Reads no more than the first image of a test.</summary>
    /// <param name="trials">Trials to run.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyList<PlannedTrial> trials, OpenedData data)
    {
        var rows = Rows(trials);
        return [.. OfSources(rows, data).Concat(OfStarts(rows, data)).Concat(OfRows(rows, data)).Concat(OfHeads(rows))
            .Concat(OfTests(rows, data)).Distinct()];
    }

    /// <summary>Returns what was not checked because its data cannot be opened; empty if everything was checked.</summary>
    public static IReadOnlyList<string> NotChecked(IReadOnlyList<PlannedTrial> trials, OpenedData data)
    {
        var rows = Rows(trials);
        var missing = new List<string>();
        if (rows.Any(row => data.Source(row.Spec.Data) is null))
            missing.Add("not checked, without the training images: optimiser steps, options against the number of identities, memory");
        if (rows.Any(row => row.Spec.Tests.Any(test => data.Test(test) is null)))
            missing.Add("not checked, without every test: whether their names are consistent");
        return missing;
    }

    /// <summary>Returns one trial per loss and condition, since seeds make no difference.</summary>
    private static List<PlannedTrial> Rows(IReadOnlyList<PlannedTrial> trials) =>
        [.. trials.DistinctBy(trial => (trial.Condition, trial.Label))];

    private static IEnumerable<string> OfSources(List<PlannedTrial> rows, OpenedData data) =>
        rows.Select(row => data.Problem(row.Spec.Data) ?? (row.Spec.Training.Epochs > 0 ? data.ClassProblem(row.Spec.Data) : null))
            .OfType<string>().Select(problem => $"data: {problem}");

    private static IEnumerable<string> OfStarts(List<PlannedTrial> rows, OpenedData data) =>
        rows.Select(row => (row.Spec.Backbone, row.Spec.Resolution)).Distinct()
            .Select(one => TrialStart.Problem(one.Backbone, one.Resolution, data.Root)).OfType<string>()
            .Select(problem => $"backbones: {problem}");

    private static IEnumerable<string> OfRows(List<PlannedTrial> rows, OpenedData data) => rows.SelectMany(row =>
        data.Source(row.Spec.Data) is { } source
        ? TrialRules.LossProblems(row.Spec, source).Concat(TrialRules.TrainingProblems(row.Spec, source)) : []);

    private static IEnumerable<string> OfTests(List<PlannedTrial> rows, OpenedData data)
    {
        foreach (var tests in rows.Select(row => row.Spec.Tests).Distinct())
        {
            foreach (var (index, test) in tests.Index())
                if (data.Problem(test) is { } problem) yield return $"tests[{index}]: {problem}";
            var opened = tests.Select(data.Test).OfType<FaceTest>().ToList();
            if (opened.Count < tests.Count) continue; // their positions would be wrong
            foreach (var problem in StoredName.Problems(opened)) yield return problem;
        }
    }

    /// <summary>Returns the losses that lack a kernel that the head's options require.</summary>
    private static IEnumerable<string> OfHeads(List<PlannedTrial> rows)
    {
        foreach (var alike in rows.Where(row => row.Spec.Training.Epochs > 0).GroupBy(row => SpecJson.Write(row.Spec.Loss)))
        {
            // the smallest shape, since whether a loss has a kernel does not depend on it
            var options = alike.First().Spec.Loss;
            var shapes = Enumerable.Range(1, 20).Select(power => new LossShape(1 << power, 2));
            if (shapes.FirstOrDefault(shape => !options.Problems(shape).Any()) is not { } least) continue;
            using var loss = options.Build(least);
            foreach (var head in alike.Select(row => row.Spec.Training.Head).Distinct())
                if (head.Problem(loss.GetName(), loss.HasKernel) is { } problem) yield return $"trainings: {problem}";
        }
    }
}
