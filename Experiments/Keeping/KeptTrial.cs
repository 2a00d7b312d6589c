using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Keeping;

/// <summary>A trial in a folder of results, finished or begun.</summary>
/// <param name="Result">Null if there is none, or it is damaged.</param>
/// <param name="Settings">By their dotted paths in a suite.</param>
public sealed record KeptTrial(SuiteFolder Suite, TrialState Trial, TrialResult? Result, IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, string> Settings)
{
    public string Id => Trial.Id;

    public string Loss => Trial.Plan.Label;

    public string Network { get; } = Labels.Full(Trial.Plan.Spec.Backbone);

    public int Pixels => Trial.Plan.Spec.Resolution;

    public int Seed => Trial.Plan.Spec.Seed;

    /// <summary>How the trial ended, or its stage: "done", "diverged", "running".</summary>
    public string State => StatusText.Words(Trial.Status ?? $"{Trial.Stage}");

    public string Folder => Suite.Store.TrialFolder(Id);

    /// <summary>The figure that a table of its suite begins with; null without a result.</summary>
    public Metric? Headline => Result?.Metrics.FirstOrDefault(metric => ResultColumn.IsHeadline(metric.Name, metric.Estimator))
        ?? (Result is { Metrics: [var first, ..] } ? first : null);

    /// <summary>Reads every figure: those of the result, of tests evaluated after the training, and of the training itself.</summary>
    /// <param name="note">Is given what could not be read; those figures are missing.</param>
    public IReadOnlyList<Metric> Figures(Action<string> note) => Result is null ? []
        : [.. Result.Metrics, .. OfTraining(Result, note),
            .. new EvaluationStore(Folder).Load(out _).Select(later => later.Evaluation)
            .Where(later => Result.Metrics.All(metric => metric.Test != later.Test)).SelectMany(later => later.Metrics)];

    private IEnumerable<Metric> OfTraining(TrialResult result, Action<string> note)
    {
        try
        {
            return TrainingFigures.Of(result, Suite.Store.LoadHistory(result));
        }
        catch (InvalidDataException e)
        {
            note(e.Message);
            return [];
        }
    }
}

/// <summary>Reads the trials of a folder of results.</summary>
public static class KeptTrials
{
    /// <summary>Returns all trials of some suites, suite by suite.</summary>
    /// <param name="note">Is given what could not be read; the other suites are read anyway.</param>
    public static IReadOnlyList<KeptTrial> Read(IReadOnlyList<SuiteFolder> suites, DateTimeOffset now, Action<string> note)
    {
        List<KeptTrial> found = [];
        foreach (var suite in suites)
        {
            try
            {
                var trials = EveryCore.Select(SuiteState.Read(suite.Store, now).Trials, trial => Read(suite, trial));
                foreach (var problem in trials.Select(trial => trial.Problem).OfType<string>()) note(problem);
                found.AddRange(trials.Select(trial => trial.Trial));
            }
            catch (InvalidDataException e)
            {
                note($"not listed: {e.Message}");
            }
        }

        return found;
    }

    /// <summary>Returns the suites that a person names.</summary>
    /// <param name="named">A suite by name, its folder, or a folder of results; null for all of <paramref name="results"/>.</param>
    /// <exception cref="SuiteException">There is none.</exception>
    public static IReadOnlyList<SuiteFolder> Suites(string? named, string results)
    {
        var all = SuiteFolders.Of(results);
        if (named is null)
            return all.Count > 0 ? all : throw new SuiteException(
                $"{results}: no results: no folder in it has a folder 'trials'; name the folder of all results with --results");
        List<SuiteFolder> byName = [.. all.Where(one => one.Name == named || one.Name == $"{named}/{SuiteFolders.Tuning}")];
        if (byName.Count > 0) return byName;
        var below = Directory.Exists(named) ? (IReadOnlyList<SuiteFolder>)[.. SuiteFolders.One(named), .. SuiteFolders.Of(named)] : [];
        var hint = all.Count > 0 ? NearName.Hint(named, [.. all.Select(one => one.Name)]) : $"{results} has no results at all";
        return below.Count > 0 ? below : throw new SuiteException($"{named}: no suite with results in {results}; {hint}");
    }

    /// <summary>Returns the trials of ids, or of their first letters; a trial that several suites hold is returned from each.</summary>
    /// <exception cref="ArgumentException">No trial is called so, or several different ones.</exception>
    public static IReadOnlyList<KeptTrial> Of(IReadOnlyList<string> ids, IReadOnlyList<KeptTrial> trials) =>
        [.. ids.SelectMany(id => One(id, trials)).Distinct()];

    private static List<KeptTrial> One(string id, IReadOnlyList<KeptTrial> trials)
    {
        const int FewestLetters = 4; // fewer are taken for a slip
        List<KeptTrial> found = [.. trials.Where(trial => trial.Id == id)];
        if (found.Count == 0 && id.Length >= FewestLetters)
            found = [.. trials.Where(trial => trial.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))];
        if (found.Count == 0)
        {
            var near = NearName.Find(id, trials.Select(trial => trial.Id)) is { } one ? $"did you mean {one}? " : "";
            throw new ArgumentException($"{id}: no trial of this id; {near}ablation trials lists them, --results names their folder");
        }

        List<string> names = [.. found.Select(trial => trial.Id).Distinct()];
        return names.Count == 1 ? found
            : throw new ArgumentException($"{id}: {names.Count} trials begin so: {string.Join(", ", names)}; give more letters");
    }

    /// <summary>Reads a trial; damaged tags are left out.</summary>
    private static (KeptTrial Trial, string? Problem) Read(SuiteFolder suite, TrialState trial)
    {
        var (tags, problem) = ((IReadOnlyList<string>)[], (string?)null);
        try
        {
            tags = TrialTags.Read(suite.Store.TrialFolder(trial.Id));
        }
        catch (InvalidDataException e)
        {
            problem = $"listed without its tags: {e.Message}";
        }

        return (new KeptTrial(suite, trial, trial.Stage == TrialStage.Finished ? suite.Store.Load(trial.Id, out _) : null, tags,
            new SettingPaths().Read(trial.Plan.Spec)), problem);
    }
}
