using Ablation.Harness.Data;

namespace Ablation.Experiments.Scheduling;

/// <summary>How much the data of a trial hold, without reading a picture.</summary>
/// <param name="Images">Of an epoch; null where neither the data nor the suite tell.</param>
/// <param name="Identities">Null where the data cannot be opened.</param>
/// <param name="TestImages">Of all tests; null where one cannot be opened.</param>
/// <param name="Scores">Of all tests; null where one cannot be opened.</param>
public sealed record SuiteData(int? Images, int? Identities, int? TestImages, long? Scores)
{
    /// <summary>The data of any trial of a suite; each set is opened once.</summary>
    public static Func<PlannedTrial, SuiteData> OfTrials(Suite suite, DataRoot root)
    {
        var tests = suite.Tests.Select(test => Try(() => { using var protocol = test.Open(root); return ((int Images, long Scores)?)(protocol.ImageCount, protocol.ScoreCount); })).ToList();
        var isWhole = tests.All(test => test is not null);
        var (images, scores) = (isWhole ? tests.Sum(test => test!.Value.Images) : (int?)null, isWhole ? tests.Sum(test => test!.Value.Scores) : (long?)null);
        var known = new Dictionary<SourceOptions, SuiteData>();
        return trial =>
        {
            if (known.TryGetValue(trial.Spec.Data, out var data)) return data;
            var training = Try(() => { using var source = trial.Spec.Data.Open(root); return ((int, int)?)(source.Count, source.Identities); });
            return known[trial.Spec.Data] = new SuiteData(training?.Item1 ?? suite.ExpectedImages, training?.Item2, images, scores);
        };
    }

    private static T? Try<T>(Func<T?> open) where T : struct
    {
        try
        {
            return open();
        }
        catch (DataProblem)
        {
            return null; // told by Suite.DataProblems
        }
    }
}
