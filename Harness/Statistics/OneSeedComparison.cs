namespace Ablation.Harness.Statistics;

/// <summary>
/// A candidate against the baseline on one test with one seed each. It generalises to new persons or probes for these two networks, not to
/// other seeds.
/// </summary>
/// <param name="Test">The test of p: <see cref="ByMcNemar"/> or <see cref="ByBootstrap"/>.</param>
/// <param name="Difference">Candidate minus baseline, in the metric's units.</param>
/// <param name="P">Two-sided.</param>
/// <param name="Low">Lower end of the 95 % interval of the difference by the bootstrap over identities; null without one.</param>
/// <param name="High">Its upper end.</param>
/// <param name="How">The test in full: discordant cases and mid-p, or draws and seed.</param>
public sealed record OneSeedComparison(string Test, double Difference, double P, double? Low, double? High, string How)
{
    public const string ByMcNemar = "McNemar";
    public const string ByBootstrap = "identity bootstrap";

    /// <summary>Compares answers to the same cases; the difference is that of the shares of right answers.</summary>
    /// <param name="cases">Number of all cases, discordant or not; at least 1.</param>
    public static OneSeedComparison FromMcNemar(McNemar test, int cases) =>
        new(ByMcNemar, (double)(test.CandidateOnly - test.BaselineOnly) / cases, test.ExactP, null, null,
        $"McNemar, exact: {test.CandidateOnly} right only by the candidate, {test.BaselineOnly} only by the baseline, mid-p " +
        $"{test.MidP:0.0000}");
}
