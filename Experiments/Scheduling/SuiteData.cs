using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling;

/// <summary>The size of a trial's data, determined without reading a picture.</summary>
/// <param name="Images">Images per epoch; null if neither the data nor the suite give it.</param>
/// <param name="Identities">Null if the data cannot be opened.</param>
/// <param name="TestImages">Images of all tests; null if one cannot be opened.</param>
/// <param name="Scores">Scores of all tests; null if one cannot be opened.</param>
public sealed record SuiteData(int? Images, int? Identities, int? TestImages, long? Scores)
{
    /// <summary>Returns a function that gives the data of any trial of a suite; each set is opened once.</summary>
    public static Func<PlannedTrial, SuiteData> OfTrials(Suite suite, DataRoot root)
    {
        using var data = new OpenedData(root);
        var known = suite.Data.DistinctBy(SpecJson.Write)
            .ToDictionary(SpecJson.Write, set => Measure(suite, set, data), StringComparer.Ordinal);
        return trial => known[SpecJson.Write(trial.Spec.Data)];
    }

    /// <inheritdoc cref="OfTrials(Suite, DataRoot)"/>
    public static Func<PlannedTrial, SuiteData> OfTrials(Suite suite, OpenedData data)
    {
        var known = new Dictionary<SourceOptions, SuiteData>();
        return trial => known.TryGetValue(trial.Spec.Data, out var found)
            ? found : known[trial.Spec.Data] = Measure(suite, trial.Spec.Data, data);
    }

    private static SuiteData Measure(Suite suite, SourceOptions set, OpenedData data)
    {
        var (source, tests) = (data.Source(set), suite.Tests.Select(data.Test).ToList());
        var isWhole = tests.All(test => test is not null); // SuiteCheck reports what is missing
        return new SuiteData(source?.Count ?? suite.ExpectedImages, source?.Identities, isWhole
            ? tests.Sum(test => test!.ImageCount) : null, isWhole ? tests.Sum(test => test!.ScoreCount) : null);
    }
}
