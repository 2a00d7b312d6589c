namespace Ablation.Experiments.Suites;

/// <summary>Limits the number of trials of a suite, counted without listing them.</summary>
public static class SuiteSize
{
    /// <summary>At a minute each, 100,000 trials take 70 days; status and plan read that many in seconds.</summary>
    public const int MostTrials = 100_000;

    /// <summary>Returns what is too much, with a remedy; null if the suite is within the limit.</summary>
    public static string? Problem(Suite suite)
    {
        var ways = suite.Given?.Count ?? (double)suite.Trainings.Count * suite.Backbones.Count * suite.Resolutions.Count;
        var conditions = suite.Data.Count * ways;
        var rows = suite.Losses.Count * (suite.Tune is null ? 1 : 2) + (suite.Untrained ? 1 : 0);
        if (suite.Seeds.Count * conditions * rows is var trials && trials > MostTrials)
        {
            return $"{suite.Seeds.Count:N0} seeds x {conditions:N0} conditions x {rows:N0} rows are {trials:N0} trials, "
                + $"and a suite has {MostTrials:N0} at most; use fewer seeds, or split the suite";
        }

        return suite.Tune is { } tune && (double)tune.Trials * tune.Seeds.Count * suite.Losses.Count is var tried && tried > MostTrials
            ? ($"tune: {tune.Trials:N0} configurations x {tune.Seeds.Count:N0} seeds x {suite.Losses.Count:N0} losses are " +
                $"{tried:N0} trials, " +
                $"and a suite has {MostTrials:N0} at most; use fewer of them")
            : null;
    }
}
