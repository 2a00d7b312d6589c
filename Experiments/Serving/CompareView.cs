using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness;

namespace Ablation.Experiments.Serving;

/// <summary>Two finished trials beside each other.</summary>
/// <param name="A">"ArcFace, seed 1".</param>
/// <param name="Same">What is the same for both, and what is not.</param>
public sealed record CompareView(string Suite, string A, string B,
    IReadOnlyList<(string Test, string Field, string A, string B, string Difference)> Figures,
    IReadOnlyList<(string Path, string A, string B)> Settings, string Same, LossPanel? Panel, PageModel Model)
{
    public static CompareView Of(SuiteFeed feed, TrialResult a, TrialResult b)
    {
        var (first, second) = (TrialComparison.Name(a), TrialComparison.Name(b));
        if (first == second) (first, second) = ($"{first} ({a.Id[..8]})", $"{second} ({b.Id[..8]})");
        var panel = LossPanel.Build("Training loss",
            [(first, a.Label, Curves.Stored(feed.Store, a)), (second, b.Label, Curves.Stored(feed.Store, b))], Math.Max(a.Steps, b.Steps));
        return new CompareView(feed.Name, first, second, [.. TrialComparison.Figures(a, b)], [.. TrialComparison.Settings(a, b)],
            TrialComparison.Same(a, b) + ".", panel,
            new PageModel(new Document("", []) { Losses = [.. new[] { a.Label, b.Label }.Distinct()] }));
    }
}
