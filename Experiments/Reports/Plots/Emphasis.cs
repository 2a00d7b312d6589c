using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The two losses that a reader looks for first: drawn thick, with band and bold label. All others are thin.</summary>
/// <param name="Subject">The loss that the suite makes a claim about; null if it makes none.</param>
/// <param name="Baseline">The loss that the others are compared with.</param>
public sealed record Emphasis(string? Subject, string Baseline)
{
    public static Emphasis Of(Suite suite) => new(suite.Claim?.Subject, suite.BaselineLabel());

    public bool IsLoud(string loss) => loss == Subject || loss == Baseline;
}
