using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Commands;

/// <summary>
/// All problems that stop a suite before its first trial. <c>run</c> and <c>submit</c> refuse them, <c>plan</c> lists them.
/// </summary>
/// <param name="Place">Where trials would run; on the CPU if the requested device is missing.</param>
/// <param name="Problems">Each names the file of the suite or the option, the key, and a remedy. Empty if nothing is left to run.</param>
public sealed record Preflight(TrialPlace Place, IReadOnlyList<string> Problems)
{
    public bool IsDeviceMissing { get; private init; }

    /// <summary>Finds the place; a missing device is one of the problems.</summary>
    /// <exception cref="ArgumentException">The name of the device is unknown.</exception>
    public static Preflight At(DirectoryInfo data, string device)
    {
        try
        {
            return new Preflight(CommandOptions.Place(data, device, 0), []);
        }
        catch (MissingDeviceException missing)
        {
            return new Preflight(CommandOptions.Place(data, "cpu", 0), [missing.Message]) { IsDeviceMissing = true };
        }
    }

    /// <summary>Adds the problems of the suite, its data and its results folder.</summary>
    /// <param name="trials">The chosen trials; finished ones are not checked.</param>
    /// <param name="tunes">Whether tuning trials come first, so that something is left to run even if all trials are finished.</param>
    public Preflight With(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, OpenedData opened, bool tunes)
    {
        var left = trials.Where(trial => !store.Has(trial.Spec.Id())).ToList();
        if (left.Count == 0 && !tunes) return this with { Problems = [] };
        string?[] folder = [ResultsFolder.Problem(store.Folder)];
        var ofSuite = DataProblems(suite, tunes ? trials : left, opened).Concat(MemoryPlan.Problems(left, Place, opened));
        return this with
        {
            Problems = [.. Problems, .. folder.OfType<string>(),
                .. ofSuite.Select(problem => suite.Source is { } source ? SuitePlace.Mark(source, problem, opened.Root) : problem)]
        };
    }

    /// <summary>
    /// Lists training images and tests that are missing or do not fit the suite, with a remedy for each. Includes the split training set
    /// of its search.
    /// </summary>
    /// <param name="trials">Trials of the suite that will run.</param>
    public static IReadOnlyList<string> DataProblems(Suite suite, IReadOnlyList<PlannedTrial> trials, OpenedData data)
    {
        var problems = SuiteCheck.Problems(trials, data);
        if (suite.Tune is null || problems.Count > 0) return problems; // the search would report the same problems again
        try
        {
            return [.. suite.Tuned is { } choice ? TuningDecision.DataProblems(choice, suite, data.Root)
                : TuningPlan.Build(suite).DataProblems(data)];
        }
        catch (DataProblem problem)
        {
            return [problem.Message];
        }
    }

    /// <exception cref="SuiteException">There are problems; the message lists all.</exception>
    public void Require()
    {
        if (Problems.Count > 0) throw new SuiteException(string.Join("\n", Problems));
    }
}
