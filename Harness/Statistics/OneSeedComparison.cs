namespace Ablation.Harness.Statistics;

/// <summary>
/// A candidate against the baseline on one test with one seed each. It applies to these two networks and to new persons or probes;
/// it says nothing about other seeds.
/// </summary>
/// <param name="Test">The test of p: <see cref="ByMcNemar"/> or <see cref="ByBootstrap"/>.</param>
/// <param name="Difference">Candidate less baseline, in the metric's units.</param>
/// <param name="P">Two-sided.</param>
/// <param name="Low">Lower end of the 95 % interval of the difference by the bootstrap over identities; null where none was made.</param>
/// <param name="High">Its upper end.</param>
/// <param name="How">The test in full: discordant cases and mid-p, or draws and seed.</param>
public sealed record OneSeedComparison(string Test, double Difference, double P, double? Low, double? High, string How)
{
    public const string ByMcNemar = "McNemar";
    public const string ByBootstrap = "identity bootstrap";

    /// <summary>From answers to the same cases; the difference is that of the shares of right answers.</summary>
    /// <param name="cases">All of them, discordant or not; at least 1.</param>
    public static OneSeedComparison FromMcNemar(McNemar test, int cases) =>
        new(ByMcNemar, (double)(test.CandidateOnly - test.BaselineOnly) / cases, test.ExactP, null, null,
        $"McNemar, exact: {test.CandidateOnly} right by the candidate alone, {test.BaselineOnly} by the baseline alone, mid-p " +
        $"{test.MidP:0.0000}");
}
