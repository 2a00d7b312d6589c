using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Serving;

/// <summary>A suite in the list of all suites.</summary>
/// <param name="Problem">Why it cannot be read; null if it can.</param>
public sealed record SuiteLine(string Name, string Question, int Trials, StandingCounts Counts, bool HasReport, string? Problem = null)
{
    public static SuiteLine Of(SuiteFeed feed)
    {
        var hasReport = File.Exists(Path.Combine(feed.Folder, "report.html"));
        try
        {
            var state = feed.Now();
            return new SuiteLine(feed.Name, state.Question ?? "", state.Trials.Count,
                StandingOf.State(state, TimeZoneInfo.Local).Counts, hasReport);
        }
        catch (InvalidDataException e)
        {
            return new SuiteLine(feed.Name, "", 0, new StandingCounts(0, 0, 0, 0), hasReport, e.Message);
        }
    }
}
