
namespace Ablation.Experiments.Suites;

/// <summary>The most trials that a suite may have, counted without making a list of them.</summary>
public static class SuiteSize
{
    /// <summary>At a minute each, 100,000 trials take 70 days; status and plan read the files of so many in seconds.</summary>
    public const int MostTrials = 100_000;

    /// <summary>What is too much, and what would do; null where nothing is.</summary>
    public static string? Problem(Suite suite)
    {
        var ways = suite.Given?.Count ?? (double)suite.Trainings.Count * suite.Backbones.Count * suite.Resolutions.Count;
        var conditions = suite.Data.Count * ways;
        var rows = suite.Losses.Count * (suite.Tune is null ? 1 : 2) + (suite.Untrained ? 1 : 0);
        if (suite.Seeds.Count * conditions * rows is var trials && trials > MostTrials)
        {
            return $"{suite.Seeds.Count:N0} seeds x {conditions:N0} conditions x {rows:N0} rows are {trials:N0} trials, "
                + $"and a suite has {MostTrials:N0} at most; take fewer seeds, or cut the suite in several";
        }

        return suite.Tune is { } tune && (double)tune.Trials * tune.Seeds.Count * suite.Losses.Count is var tried && tried > MostTrials
            ? ($"tune: {tune.Trials:N0} configurations x {tune.Seeds.Count:N0} seeds x {suite.Losses.Count:N0} losses are " +
                $"{tried:N0} trials, "
                + $"and a suite has {MostTrials:N0} at most; take fewer of them")
            : null;
    }
}
