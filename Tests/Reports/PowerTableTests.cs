using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

public sealed class PowerTableTests
{
    private static readonly ResultColumn Accuracy = new("accuracy", "10-fold, grid", true, ValueFormat.Percent);

    [Test]
    public void Power_table_as_Markdown()
    {
        var baseline = BySeed(0.951, 0.9525, 0.9531, 0.952, 0.9518);
        (string Loss, Dictionary<int, double> Values)[] losses =
        [
            ("ArcFace", BySeed(0.9701, 0.9724, 0.9718, 0.9722, 0.9707)), ("Npt", BySeed(0.9522, 0.9519, 0.956, 0.9525, 0.952)),
                ("CosFace", BySeed(0.9512, 0.9524, 0.9532, 0.9519, 0.9517)),
            ("one seed", BySeed(0.96)), ("the same", baseline),
                ("shifted", baseline.ToDictionary(pair => pair.Key, pair => pair.Value + 0.01)), ("failed", []),
        ];
        var comparisons = losses.Select(loss => PairedComparison.Compare(loss.Values, baseline)).ToList();
        var judged = Judgement.OverTable([.. comparisons.Select(comparison => (comparison, true))]);
        var rows = losses.Zip(judged, (loss, judgement) => new PowerRow(loss.Loss, judgement.Comparison, judgement.HolmP)).ToList();
        Golden.Check(
            MarkdownWriter.Write(PowerTable.Build("LFW: Small, 56 px. accuracy (10-fold, grid) against Softmax", Accuracy, rows,
                judged.Count(judgement => judgement.HolmP is not null))));
    }

    [TestCase(0.01234, "0.0123")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(0.00009, "< 0.0001")]
    [TestCase(null, "n/a")]
    public void P_values_are_never_0(double? p, string text) => Assert.That(PowerTable.P(p), Is.EqualTo(text));

    [Test]
    public void A_table_of_results_has_the_same_differences_and_corrected_p()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite, stored.Store);
        foreach (var table in summary.Tables)
        {
            var power = PowerTable.Build(table, 0)!;
            Assert.That(power.Rows.Select(row => row[0].Text),
                Is.EqualTo(table.Rows.Select(row => row.Name)
                    .Where(name => name != stored.Suite.BaselineLabel() && name != Labels.Untrained)));
            foreach (var row in power.Rows)
            {
                var cell = table.Rows.Single(one => one.Name == row[0].Text).Cells[0];
                Assert.That((row[1].Text, row[3].Text), Is.EqualTo((ValueFormat.Percent.Signed(cell.Delta), PowerTable.P(cell.HolmP))));
            }

            var comparisons = table.Rows.Sum(row => row.Cells.Count(cell => cell.HolmP is not null));
            Assert.That(power.Caption, Does.Contain(table.ConditionLabel).And.EndsWith($"corrected over {comparisons} comparisons."));
            Assert.That(PowerTable.Build(table, 1)!.Caption, Does.Contain(table.Columns[1].Estimator));
        }
    }

    [Test]
    public void Losses_are_ranked_over_conditions()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite, stored.Store);
        var ranked = RankedLosses.Rank(summary, "EER", "interpolated")!;
        Assert.That(ranked.Losses, Is.EqualTo(summary.Rows.Where(row => row != Labels.Untrained)));
        Assert.That(ranked.Ranks.Blocks, Is.EqualTo(2), "two resolutions");
        Assert.That(ranked.Difference, Is.Not.Null);
        var expected = Friedman.Test([.. summary.Tables.Select(table =>
            (IReadOnlyList<double?>)[.. table.Rows.Where(row => row.Name != Labels.Untrained)
            .Select(row => row.Cells[table.Columns.ToList().FindIndex(column => column.Name == "EER")].Mean)])],
            higherIsBetter: false)!;
        Assert.That(ranked.Ranks.MeanRanks, Is.EqualTo(expected.MeanRanks));
        Assert.That(RankedLosses.Rank(summary, "rank-1", "any mate"), Is.Null);
    }

    [Test]
    public void Trials_of_one_seed_are_compared_by_their_stored_scores()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite, stored.Store);
        var (candidate, baseline) = (summary.Trials[1], summary.Trials[0]);
        var metrics = candidate.Metrics;
        var (one, other) = ((PairScores)candidate.Scores[0], (PairScores)baseline.Scores[0]);
        other = other with { Same = one.Same }; // generated trials have different truths: use the candidate's for both
        var found = OneSeedRows.Compare(candidate, baseline with { Scores = [other] }, metrics, draws: 0);
        for (var i = 0; i < metrics.Count; i++)
        {
            var p = metrics[i].Estimator switch
            {
                "10-fold, grid" => McNemar.Test(FoldDecisions.OnGrid(one)!, FoldDecisions.OnGrid(other)!).ExactP,
                "10-fold, exact" => McNemar.Test(FoldDecisions.OnScores(one)!, FoldDecisions.OnScores(other)!).ExactP,
                _ => (double?)null,
            };
            Assert.That(found[i]?.P, Is.EqualTo(p), metrics[i].Name);
        }

        Assert.That(found.OfType<OneSeedComparison>().Count(), Is.EqualTo(2));
        Assert.That(OneSeedRows.Compare(candidate, baseline with { Scores = [] }, metrics, 0), Is.All.Null);
    }

    private static Dictionary<int, double> BySeed(params double[] values) =>
        values.Select((value, seed) => (value, seed)).ToDictionary(pair => pair.seed, pair => pair.value);
}
