using Ablation.Harness.Data;

namespace Ablation.Experiments.Scheduling;

/// <summary>How much a suite's data hold, without reading a picture.</summary>
/// <param name="Images">Of an epoch; null where neither the data nor the suite tell.</param>
/// <param name="Identities">Null where the data cannot be opened.</param>
/// <param name="TestImages">Of all tests; null where one cannot be opened.</param>
/// <param name="Scores">Of all tests; null where one cannot be opened.</param>
public sealed record SuiteData(int? Images, int? Identities, int? TestImages, long? Scores)
{
    public static SuiteData Of(Suite suite, DataRoot root)
    {
        var training = Try(() => { using var source = suite.Data.Open(root); return ((int, int)?)(source.Count, source.Identities); });
        var tests = suite.Tests.Select(test => Try(() => { using var protocol = test.Open(root); return ((int Images, long Scores)?)(protocol.ImageCount, protocol.ScoreCount); })).ToList();
        var isWhole = tests.All(test => test is not null);
        return new SuiteData(training?.Item1 ?? suite.ExpectedImages, training?.Item2, isWhole ? tests.Sum(test => test!.Value.Images) : null, isWhole ? tests.Sum(test => test!.Value.Scores) : null);
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
