using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>One trial's figure with all settings that may be an axis.</summary>
/// <param name="Settings">Path to value (<see cref="SettingPaths"/>), with the resolutions of a low-resolution test.</param>
/// <param name="Value">Null if the trial has none; <paramref name="Ending"/> says why.</param>
/// <param name="Ending">"done", "diverged", "at chance", "failed", "not run".</param>
internal sealed record AxisReading(StoredTrial Trial, IReadOnlyDictionary<string, string> Settings, double? Value, string Ending)
{
    /// <summary>Returns all settings except some as one text, which is equal for trials that differ only in those.</summary>
    public string Rest(Predicate<string> isLeftOut) =>
        string.Join('\n', Settings.Where(one => !isLeftOut(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => $"{one.Key}={one.Value}"));
}

/// <summary>Reads one metric of one test from every trained trial, cell by cell if the test has its own resolutions.</summary>
internal static class AxisReadings
{
    /// <summary>Paths of the settings of a low-resolution test.</summary>
    public const string Probe = "test.probePixels", Gallery = "test.galleryPixels";

    /// <summary>Returns tests as an axis figure names them: a low-resolution test has one name, however many tables it has.</summary>
    public static IReadOnlyList<string> Tests(Summary summary)
    {
        var whole = summary.Trials.SelectMany(trial => trial.Scores
            .Select(score => (Table: TableMetrics.TableOf(score, trial.Scores), LowResolutionTest.CellOf(score)?.Test)))
            .Where(one => one.Test is not null).DistinctBy(one => one.Table).ToDictionary(one => one.Table, one => one.Test!);
        return [.. summary.Tests.Select(test => whole.GetValueOrDefault(test, test)).Distinct()];
    }

    /// <summary>Returns the metrics of a test, by name and estimator, in the order of tables.</summary>
    public static IReadOnlyList<(string Name, string Estimator)> Metrics(Summary summary, string test)
    {
        var cell = summary.Trials.SelectMany(trial => trial.Scores)
            .FirstOrDefault(score => LowResolutionTest.CellOf(score)?.Test == test);
        return [.. (cell?.Read().Metrics() ?? summary.Trials.SelectMany(trial => trial.Metrics).Where(metric => metric.Test == test))
            .Select(metric => (metric.Name, metric.Estimator)).Distinct()];
    }

    public static IReadOnlyList<AxisReading> Collect(Summary summary, string test, string metric, string estimator)
    {
        var settings = new SettingPaths();
        var trained = summary.Trials.Where(trial => trial.Plan.Label != Labels.Untrained).ToList();
        var cells = trained.SelectMany(trial => Cells(trial, test))
            .Select(score => (score.Test, Gallery: score.GalleryPixels!.Value, Probe: score.ProbePixels!.Value)).Distinct().ToList();
        if (cells.Count == 0)
            return [.. trained.Select(trial =>
                new AxisReading(trial, settings.Read(trial.Plan.Spec), Value(trial.Metrics, test), Ending(trial)))];
        return [.. EveryCore.Select(trained, trial =>
        {
            var own = Cells(trial, test).ToDictionary(score => score.Test, score => Value(score.Read().Metrics(), score.Test));
            return cells.Select(cell => new AxisReading(trial,
                new SortedDictionary<string, string>(settings.Read(trial.Plan.Spec),
                    StringComparer.Ordinal) { [Gallery] = LowResolutionTest.Text(cell.Gallery),
                        [Probe] = LowResolutionTest.Text(cell.Probe) },
                own.GetValueOrDefault(cell.Test), Ending(trial))).ToList();
        }).SelectMany(part => part)];

        double? Value(IReadOnlyList<Metric> metrics, string of) =>
            metrics.FirstOrDefault(one => (one.Test, one.Name, one.Estimator) == (of, metric, estimator))?.Value;
    }

    private static IEnumerable<HeldScores> Cells(StoredTrial trial, string test) =>
        trial.Scores.Where(score => LowResolutionTest.CellOf(score)?.Test == test);

    private static string Ending(StoredTrial trial) => trial switch
    {
        { Result.Status: TrialStatus.Diverged } => "diverged",
        { Result.Status: TrialStatus.AtChance } => "at chance",
        { Result: not null } => "done",
        { Failure: not null } => "failed",
        _ => "not run",
    };
}
