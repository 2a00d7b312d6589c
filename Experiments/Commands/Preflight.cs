using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Experiments.Tuning;
using Ablation.Harness;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Commands;

/// <summary>
/// Everything that stops a suite before its first trial: what <c>run</c> and <c>submit</c> refuse, and what <c>plan</c> lists.
/// </summary>
/// <param name="Place">Where trials would run; on the CPU where the device that was asked for is not there.</param>
/// <param name="Problems">Each with the suite's file or the option of the command line, the key, and what would do. None where nothing is
/// left to run.</param>
public sealed record Preflight(TrialPlace Place, IReadOnlyList<string> Problems)
{
    /// <summary>Whether the device that was asked for is not there.</summary>
    public bool IsDeviceMissing { get; private init; }

    /// <summary>The place; a device that is not there is one problem of several.</summary>
    /// <exception cref="ArgumentException">The device's name is not known.</exception>
    public static Preflight At(DirectoryInfo data, string device)
    {
        try
        {
            return new Preflight(CommandOptions.Place(data, device, 0), []);
        }
        catch (ArgumentException absent) when (!absent.Message.Contains("not known", StringComparison.Ordinal))
        {
            return new Preflight(CommandOptions.Place(data, "cpu", 0), [absent.Message]) { IsDeviceMissing = true };
        }
    }

    /// <summary>With what the suite, its data and its folder of results say.</summary>
    /// <param name="file">The suite's.</param>
    /// <param name="trials">Those chosen; finished ones are asked nothing.</param>
    /// <param name="tunes">Whether tuning trials come first, so that something is left to run whatever is finished.</param>
    public Preflight With(string file, Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, OpenedData opened, bool tunes)
    {
        var left = trials.Where(trial => !store.Has(trial.Spec.Id())).ToList();
        if (left.Count == 0 && !tunes) return this with { Problems = [] };
        string?[] folder = [ResultsFolder.Problem(store.Folder)];
        var ofSuite = DataProblems(suite, tunes ? trials : left, opened).Concat(MemoryPlan.Problems(left, Place, opened));
        return this with { Problems = [.. Problems, .. folder.OfType<string>(), .. ofSuite.Select(problem => $"{file}: {problem}")] };
    }

    /// <summary>
    /// What of training images and tests is not there or does not go with the suite, and what would do, the split training set of its
    /// search included.
    /// </summary>
    /// <param name="trials">Those of the suite that are to run.</param>
    public static IReadOnlyList<string> DataProblems(Suite suite, IReadOnlyList<PlannedTrial> trials, OpenedData data)
    {
        var problems = SuiteCheck.Problems(trials, data);
        if (suite.Tune is null || problems.Count > 0) return problems; // the search would repeat what is wrong with the same set
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

    /// <exception cref="SuiteException">There is a problem; names all.</exception>
    public void Require()
    {
        if (Problems.Count > 0) throw new SuiteException(string.Join("\n", Problems));
    }
}
