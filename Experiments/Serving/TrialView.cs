using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Serving;

/// <summary>One trial as its page shows it.</summary>
/// <param name="Figures">Test, measure with its estimator, and value.</param>
/// <param name="Settings">By their paths in a suite.</param>
public sealed record TrialView(string Suite, LiveRow Row, IReadOnlyList<(string Test, string Measure, string Value)> Figures,
    IReadOnlyList<(string Path, string Value)> Settings, LossPanel? Panel, string Log, PageModel Model)
{
    private const int LogLines = 40;

    /// <summary>Returns null for a trial that the suite does not have.</summary>
    public static TrialView? Read(SuiteFeed feed, string id)
    {
        var suite = LiveSuite.Read(feed, new LiveQuery(Text: id));
        if (suite.Rows.FirstOrDefault(row => row.Id == id) is not { } row) return null;
        var plan = suite.State.Trials.First(trial => trial.Id == id).Plan;
        var result = feed.Store.Load(id, out _);
        return new TrialView(feed.Name, row, [.. result?.Metrics.Select(metric => (metric.Test, $"{metric.Name} ({metric.Estimator})",
                metric.Value is { } value ? $"{value:0.####}" : "n/a")) ?? []],
            [.. new SettingPaths().Read(plan.Spec).Select(one => (one.Key, one.Value))],
            LossPanel.Build("Training loss", [(row.Loss, row.Loss, Curves.Of(feed.Store, id))], row.Steps),
            string.Join('\n', LogTail.Read(feed.Store.Files(id).Log, LogLines)),
            new PageModel(new Document(id, []) { Losses = [row.Loss] }));
    }

    /// <summary>"done, 750 steps in 2.4 min, accuracy 91.4 %".</summary>
    public string Sentence => string.Join(", ", new[]
    {
        Row.State, Row.Steps == 0 ? "" : Row.Step == Row.Steps ? $"{Row.Steps} steps" : $"step {Row.Step} of {Row.Steps}",
        Row.Seconds is { } seconds ? $"{Digits.Time(seconds)}{(Row.IsRunning ? " left" : "")}" : "",
        Row.Accuracy.Length > 0 ? $"accuracy {Row.Accuracy} %" : "",
    }.Where(part => part.Length > 0));
}
