using System.ComponentModel;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>A figure with a setting of the suite as its axis, over all conditions.</summary>
public abstract record AxisFigure : MetricFigure
{
    [Description("path of the setting along the horizontal axis: losses.scale, data.identities, resolutions, test.probePixels ...")]
    public required string X { get; init; }

    [Description("paths of settings that change together with the axes and are not distinguished: trainings.learningRate ...")]
    [MayBeEmpty("nothing changes together with the axis")]
    public IReadOnlyList<string> Along { get; init; } = [];

    /// <summary>Returns the paths along the axes.</summary>
    protected virtual IReadOnlyList<string> Axes() => [X];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(Suite suite)
    {
        var settings = new SettingPaths();
        HashSet<string> known = [AxisReadings.Probe, AxisReadings.Gallery, .. suite.Trials().Where(trial => trial.Label != Labels.Untrained)
            .SelectMany(trial => settings.Read(trial.Spec).Keys)];
        foreach (var path in Axes().Concat(Along).Where(path => !known.Contains(path)))
        {
            var near = known.Where(other => other.Split('.')[0] == path.Split('.')[0])
                .DefaultIfEmpty("losses, backbones, resolutions, data, trainings, test").Order(StringComparer.Ordinal);
            yield return $"no trial has the setting \"{path}\"; known: {string.Join(", ", near)}";
        }
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<Block> OfSuite(Summary summary, string folder)
    {
        var tests = AxisReadings.Tests(summary);
        if (tests.Count == 0) yield break; // no results yet
        if (Test is not null && !tests.Contains(Test))
        {
            yield return new Note(
                $"figure {Catalog.NameOf(this)}: no result has the test \"{Test}\"; known: " +
                $"{string.Join(", ", tests.Select(test => $"\"{test}\""))}");
            yield break;
        }

        foreach (var test in Test is null ? tests : [Test])
        {
            var metrics = AxisReadings.Metrics(summary, test);
            var fits = metrics.Where(metric => Fits(metric.Name, metric.Estimator)).ToList();
            if (fits.Count == 0)
            {
                yield return UnknownMetric(metrics.Select(metric => $"{metric.Name} ({metric.Estimator})"));
                continue;
            }

            var (name, estimator) = Metric is null
                && fits.FindIndex(metric => ResultColumn.IsHeadline(metric.Name, metric.Estimator)) is var first and >= 0
                ? fits[first] : fits[0];
            var readings = AxisReadings.Collect(summary, test, name, estimator).Where(reading => Axes().All(reading.Settings.ContainsKey))
                .ToList();
            if (readings.Count == 0 && Test is not null)
                yield return new Note(
                    $"figure {Catalog.NameOf(this)}: no trial has both {string.Join(" and ", Axes())} for {test}; a test.* setting " +
                    $"needs a test of low resolution");
            if (readings.Count == 0) continue;
            foreach (var block in Draw(summary, new AxisSubject(test, name, estimator, readings), folder)) yield return block;
        }
    }

    /// <summary>Draws the figures of one test and metric.</summary>
    private protected abstract IEnumerable<Block> Draw(Summary summary, AxisSubject subject, string folder);

    /// <summary>Part of a file's name: the estimator, where the suite gives one.</summary>
    private protected string OfEstimator => Estimator is null ? "" : $"-{Estimator}";

    /// <summary>Part of a file's name: the settings along the axes.</summary>
    private protected string OfAlong => Along.Count == 0 ? "" : $"-along-{string.Join('-', Along)}";

    /// <summary>Whether a setting is an axis, or changes along with one.</summary>
    protected bool IsAxis(string path) => Axes().Contains(path) || Along.Contains(path);

    /// <summary>Names what distinguishes each group: "IResNet, batch 64"; empty for one group.</summary>
    private protected static IReadOnlyList<string> Names(IReadOnlyList<AxisReading> firsts, Predicate<string> isLeftOut)
    {
        var distinguishing = firsts.SelectMany(one => one.Settings.Keys).Distinct().Where(path => !isLeftOut(path))
            .Where(path => firsts.Select(one => one.Settings.GetValueOrDefault(path)).Distinct().Count() > 1)
            // an option that only some kinds have adds nothing to the kind, unless it varies within one
            .Where(path => path.EndsWith(".type", StringComparison.Ordinal)
                || firsts.GroupBy(one => one.Settings.GetValueOrDefault(Kind(path)))
                .Any(alike => alike.Select(one => one.Settings.GetValueOrDefault(path)).Distinct().Count() > 1))
            .OrderBy(path => !path.EndsWith(".type", StringComparison.Ordinal)).ToList();
        return [.. firsts.Select(one => string.Join(", ", distinguishing.Where(one.Settings.ContainsKey).Select(path =>
            path.EndsWith(".type", StringComparison.Ordinal) ? one.Settings[path] : $"{SettingPaths.Label(path)} {one.Settings[path]}")))];
    }

    private static string Kind(string path) => $"{path.Split('.')[0]}.type";
}

/// <summary>What an axis figure is drawn from.</summary>
internal sealed record AxisSubject(string Test, string Metric, string Estimator, IReadOnlyList<AxisReading> Readings);
