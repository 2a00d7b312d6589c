using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Reports;

/// <summary>The summary over several tests, and what summary.json says of the comparisons.</summary>
[Parallelizable]
public sealed class AcrossTestsTests
{
    [Test]
    public void The_headline_of_every_condition_is_summarised_by_loss()
    {
        using var known = new KnownSuite(16, 32).Save(trial => KnownSuite.Wrong(trial) + (trial.Spec.Resolution == 32 ? 20 : 0));
        var across = AcrossTests.Build(Summary.Read(known.Suite, known.Store))!;
        Assert.That((across.Metric, across.Estimator, across.Tests), Is.EqualTo(("accuracy", "10-fold, grid", 2)));
        Assert.That(across.Rows.Select(row => row.Loss), Is.EqualTo(new[] { "Softmax", "ArcFace", "Npt" }), "not the untrained network");
        // of ArcFace's wrong pairs 8 9 10 12 13 13 28 29 30 32 33 33 the middle six: 12 13 13 28 29 30
        Assert.That(across.Rows[1].Grid.InterquartileMean(), Is.EqualTo(1 - 125.0 / 6 / 200).Within(1e-12));
        Assert.That(across.Rows[1].Grid.Strata.Select(stratum => stratum.Count), Is.EqualTo(new[] { 6, 6 }));
        Assert.That(across.Rows.Select(row => row.Profile[0]), Is.All.InRange(0.5, 1));
        Assert.That(across.Rows[1].Profile[^1], Is.GreaterThan(across.Rows[0].Profile[^1]), "the best results are ArcFace's");
        Assert.That(MarkdownWriter.Write(across.Table()), Does.Contain("| ArcFace | 89.58 (").And.Contain("| 12 |"));
    }

    [Test]
    public void One_table_or_a_loss_without_seeds_gives_no_summary()
    {
        using var one = new KnownSuite(16).Save();
        Assert.That(AcrossTests.Build(Summary.Read(one.Suite, one.Store)), Is.Null);
        using var lacking = new KnownSuite(16, 32).Save(trial => trial is { Label: "Npt", Spec.Resolution: 32 } ? null : 20);
        Assert.That(AcrossTests.Build(Summary.Read(lacking.Suite, lacking.Store)), Is.Null);
    }

    [Test]
    public void Summary_json_has_the_verdict_and_every_comparison()
    {
        using var known = new KnownSuite(16);
        known.Suite = known.Suite with { Claim = new ClaimOptions { Subject = "ArcFace" } };
        known.Save();
        SuiteReport.Write(known.Suite, known.Store);
        var outcome = SuiteOutcome.Load(known.Store.Folder)!;
        Assert.That((outcome.Verdict, outcome.Answer), Is.EqualTo(("Yes", known.Answer())));
        Assert.That(outcome.Comparisons.Select(one => (one.Column, one.Loss, one.N, one.Verdict)),
            Is.EqualTo(new[] { ("accuracy", "ArcFace", 6, "better"), ("accuracy", "Npt", 6, "open") }));
        Assert.That(outcome.Comparisons[0].Low, Is.EqualTo(0.05465956).Within(1e-8));
        Assert.That(outcome.Comparisons[0].High, Is.EqualTo(0.06200711).Within(1e-8));
        Assert.That(outcome.Comparisons[0].P, Is.LessThan(1e-6));
    }
}
