using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>One of two suites that are compared: its finished trials, without the untrained network.</summary>
/// <param name="Name">As the comparison calls it.</param>
/// <param name="Trials">Finished, undamaged, and of one commit if one was named.</param>
/// <param name="Planned">Trials of the suite; the number of stored ones where only a folder was named.</param>
/// <param name="Suite">As it was read; for a folder, one that has the settings of its trials and nothing else.</param>
public sealed record ComparedSide(string Name, SuiteTrials Trials, int Planned, Suite Suite)
{
    /// <summary>Commits of the trials, in the order of the alphabet.</summary>
    public IReadOnlyList<string> Commits => [.. Trials.All.Select(trial => trial.Result!.Provenance.Commit).Distinct()
        .Order(StringComparer.Ordinal)];

    /// <summary>Reads the trials that a suite plans.</summary>
    /// <param name="commit">First letters of the commit whose trials are meant; null for all.</param>
    /// <exception cref="ArgumentException">None is finished, or none of this commit.</exception>
    public static ComparedSide OfSuite(Suite suite, ResultStore store, string? commit)
    {
        var planned = suite.Trials().Where(trial => trial.Label != Labels.Untrained).ToList();
        return Of(suite.Name, suite, planned, store, commit);
    }

    /// <summary>Reads every finished trial of a folder, whatever suite it belongs to now.</summary>
    /// <inheritdoc cref="OfSuite"/>
    public static ComparedSide OfFolder(ResultStore store, string? commit)
    {
        var (trials, alike) = (Path.Combine(store.Folder, "trials"), new AlikeConditions());
        var planned = Directory.GetDirectories(trials).Order(StringComparer.Ordinal)
            .Where(folder => File.Exists(Path.Combine(folder, "result.json")))
            .Select(folder => ResultStore.ReadResult(Path.Combine(folder, "result.json")))
            .Where(result => result.Label != Labels.Untrained)
            .Select(result => new PlannedTrial(result.Spec, result.Label,
                alike.One(new Condition(result.Spec.Backbone, result.Spec.Resolution, result.Spec.Training, result.Spec.Data)))).ToList();
        if (planned.Count == 0)
            throw new ArgumentException($"{store.Folder}: no finished trial of a trained network; name a folder such as results/quick");
        var suite = new Suite
        {
            Name = Path.GetFileName(store.Folder),
            Question = "",
            Data = [.. planned.Select(trial => trial.Condition.Data).Distinct()],
            Tests = planned[0].Spec.Tests,
            Losses = [.. planned.DistinctBy(trial => trial.Label).Select(trial => trial.Spec.Loss)],
            Backbones = [.. planned.Select(trial => trial.Condition.Backbone).Distinct()],
            Resolutions = [.. planned.Select(trial => trial.Condition.Resolution).Distinct().Order()],
            Trainings = [.. planned.Select(trial => trial.Condition.Training).Distinct()],
            Seeds = [.. planned.Select(trial => trial.Spec.Seed).Distinct().Order()],
            Untrained = false,
        };
        return Of(suite.Name, suite, planned, store, commit);
    }

    private static ComparedSide Of(string name, Suite suite, IReadOnlyList<PlannedTrial> planned, ResultStore store, string? commit)
    {
        var design = new SharedDesign();
        var known = EveryCore.Select(planned, plan => (Plan: plan, Id: plan.Spec.Id()));
        store.Knowing(known);
        var finished = EveryCore.Select(known, trial => StoredTrial.Read(trial.Plan, trial.Id, store, design))
            .Where(trial => trial.Result is not null).ToList();
        var trials = finished.Where(trial => commit is null
            || trial.Result!.Provenance.Commit.StartsWith(commit, StringComparison.OrdinalIgnoreCase)).ToList();
        if (finished.Count == 0) throw new ArgumentException($"{name}: no trial is finished in {store.Folder}; run the suite first " +
            $"(ablation run {name}), or name the folder of all results with --results");
        if (trials.Count == 0) throw new ArgumentException($"{name}@{commit}: no trial of this commit; the finished ones have " +
            string.Join(", ", finished.Select(trial => trial.Result!.Provenance.Commit).Distinct().Order(StringComparer.Ordinal)));
        var twice = trials.GroupBy(trial => (trial.Plan.Condition, trial.Plan.Label, trial.Plan.Spec.Seed))
            .FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null)
            throw new ArgumentException($"{store.Folder}: {twice.Key.Label} with seed {twice.Key.Seed} is there more than once (" +
                $"{string.Join(", ", twice.Select(trial => trial.Id))}), with different options; name the suite instead of the folder");
        return new ComparedSide(commit is null ? name : $"{name}@{commit}", new SuiteTrials(suite, trials),
            commit is null ? planned.Count : trials.Count, suite);
    }
}
