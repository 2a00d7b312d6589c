using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Serving;

/// <summary>A log that grows, as the page shows its end.</summary>
public sealed record LiveLog(string Id, string Title, string Text)
{
    /// <summary>The name of the log in the page.</summary>
    public string Name => $"log-{Id}";
}

/// <summary>What the components of a suite's live page share.</summary>
/// <param name="HasControl">Whether trials can be stopped and tried again from the page.</param>
public sealed record LivePage(LiveSuite Suite, PageModel Model, bool HasControl)
{
    private const int LogLines = 6, MostLogs = 4, MostCurves = 24;

    public static LivePage Of(LiveSuite suite, bool hasControl)
    {
        var losses = suite.State.Trials.Select(trial => trial.Plan.Label).Distinct().ToList();
        return new LivePage(suite, new PageModel(new Document(suite.State.Name, []) { Losses = losses }), hasControl);
    }

    public LiveHead Head => LiveHead.Of(Suite);

    /// <summary>The ends of the logs of what runs; of the last finished trial where nothing does.</summary>
    public IReadOnlyList<LiveLog> Logs
    {
        get
        {
            var rows = Suite.Rows.Where(row => row.IsRunning).Take(MostLogs).ToList();
            if (rows.Count == 0) rows = [.. Suite.Rows.Where(row => row.Stage is not TrialStage.Waiting).Take(1)];
            return [.. rows.Select(row => new LiveLog(row.Id, Titled(row),
                string.Join('\n', LogTail.Read(Suite.Feed.Store.Files(row.Id).Log, LogLines))))];
        }
    }

    /// <summary>Returns the training losses of the seed and condition that was worked on last; null without any.</summary>
    public LossPanel? Curves()
    {
        if (Suite.Rows.FirstOrDefault(row => row.Curve.Length > 0) is not { } newest) return null;
        var alike = Suite.Rows.Where(row => row.Curve.Length > 0 && row.Seed == newest.Seed && row.Condition == newest.Condition)
            .Take(MostCurves).ToList();
        var place = newest.Condition.Length > 0 ? $"{newest.Condition}, seed {newest.Seed}" : $"seed {newest.Seed}";
        return LossPanel.Build($"Training loss, {place}",
            [.. alike.Select(row => (row.Loss, row.Loss, Serving.Curves.Of(Suite.Feed.Store, row.Id)))], alike.Max(row => row.Steps));
    }

    /// <summary>Returns "ArcFace, seed 2".</summary>
    public static string Titled(LiveRow row) =>
        $"{row.Loss}{(row.Condition.Length > 0 ? $", {row.Condition}" : "")}, seed {row.Seed}";
}
