using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;
using Ablation.Harness.Training;

namespace Ablation.Tests.Reports;

/// <summary>What a column is made of: its digits, its collapsed seeds, the mean of several, and which columns are primary.</summary>
[Parallelizable]
public sealed class ColumnTests
{
    private static readonly TableOptions Two = new()
    {
        Title = "two tests",
        Columns = [new TableColumn { Test = "pairs", Metric = "accuracy", Condition = "Small, 16 px", Name = "low" },
            new TableColumn { Test = "pairs", Metric = "accuracy", Condition = "Small, 32 px", Name = "high" }],
    };

    [TestCase(0.096, 0, 0)]
    [TestCase(0.094, 0, 1)]
    [TestCase(0.0096, 0, 1)]
    [TestCase(0.0094, 0, 2)]
    [TestCase(0.0094, 1000, 1)]
    [TestCase(0.0094, 1001, 2)]
    [TestCase(0.0094, 100, 0)]
    public void Decimals_follow_the_median_half_width_and_the_cases(double half, int cases, int decimals) =>
        Assert.That(DigitRule.Percent([0.2, half, 0.0001], cases).Decimals, Is.EqualTo(decimals));

    [Test]
    public void Without_intervals_there_are_two_decimals() => Assert.That(DigitRule.Percent([], 6000), Is.EqualTo(ValueFormat.Percent));

    [Test]
    public void The_headline_is_primary_where_nothing_is_declared()
    {
        using var known = new KnownSuite(16, 32).Save();
        var three = Two with { Columns = [Two.Columns[0] with { Metric = "EER" }, .. Two.Columns] };
        var summary = Summary.Read(known.Suite with { Tables = [three] }, known.Store);
        Assert.That(summary.Specified.Single().Primary, Is.EqualTo(new[] { 1 }), "accuracy on the grid");
        Assert.That(summary.Tables.SelectMany(table => table.Primary), Is.Empty, "the suite says what is judged");
        Assert.That(summary.Tables[0].Rows.Single(row => row.Loss == "ArcFace").Cells[0].Comparison!.Verdict,
            Is.EqualTo(Verdict.Described));
        Assert.That(Summary.Read(known.Suite, known.Store).Tables.Select(table => table.Primary.Single()), Is.EqualTo(new[] { 0, 0 }));
    }

    [Test]
    public void Declared_columns_share_the_level()
    {
        using var known = new KnownSuite(16, 32).Save();
        var table = Summary.Read(known.Suite with { Tables = [Two with { Primary = ["low", "high"] }] }, known.Store).Specified.Single();
        Assert.That(table.Primary, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(table.Rows.Single(row => row.Loss == "Npt").Cells[1].Comparison!.Family, Is.EqualTo(new ComparedFamily(2, 2, false)));
    }

    [Test]
    public void A_mean_is_taken_seed_by_seed_and_is_primary()
    {
        using var known = new KnownSuite(16, 32).Save(trial => trial is { Label: "Npt", Spec: { Seed: 2, Resolution: 32 } }
            ? null : KnownSuite.Wrong(trial) + (trial.Spec.Resolution == 32 ? 2 * trial.Spec.Seed : 0));
        var table = Summary.Read(known.Suite with { Tables = [Two with { Mean = new TableMean { Name = "mean", Of = ["low", "high"] } }] },
            known.Store).Specified.Single();
        Assert.That((table.Columns.Count, table.Columns[2].Name, table.Columns[2].Estimator), Is.EqualTo((3, "mean", "mean of 2 columns")));
        Assert.That(table.Primary, Is.EqualTo(new[] { 2 }));
        var row = table.Rows.Single(row => row.Loss == "Npt");
        Assert.That(row.Seeds(2).Keys.Order(), Is.EqualTo(new[] { 1, 3, 4, 5, 6 }), "seed 2 lacks one of the two");
        Assert.That(row.Seeds(2)[3], Is.EqualTo((row.Seeds(0)[3] + row.Seeds(1)[3]) / 2).Within(1e-15));
        Assert.That(row.Cells[2].Comparison!.Difference, Is.EqualTo(row.Seeds(2).Average(seed =>
            seed.Value - table.Rows.Single(one => one.Loss == "Softmax").Seeds(2)[seed.Key])).Within(1e-12));
        Assert.That(row.Cells[2].Trials, Has.Count.EqualTo(11), "the trials of both conditions");
    }

    [Test]
    public void A_seed_that_collapsed_is_left_out_and_counted()
    {
        using var known = new KnownSuite(16).Save(change: result => result is { Label: "Npt", Spec.Seed: 2 or 5 }
            ? result with { Status = result.Spec.Seed == 2 ? TrialStatus.AtChance : TrialStatus.Diverged } : result);
        var table = Summary.Read(known.Suite, known.Store).Tables.Single();
        var cell = table.Rows.Single(row => row.Loss == "Npt").Cells[0];
        Assert.That((cell.N, cell.Collapsed, cell.Comparison!.Verdict), Is.EqualTo((4, 2, Verdict.Collapsed)));
        Assert.That(TextTable.Build(table).Rows.Single(row => row[0].Text == "Npt")[1].Details, Does.Contain("collapsed in 2 of 6 seeds")
            .And.Some.EndsWith("n/a (collapsed)"));
        Assert.That(table.Rows.Single(row => row.Loss == "ArcFace").Cells[0].Comparison!.Verdict, Is.EqualTo(Verdict.Better));
    }

    [Test]
    public void A_practical_margin_belongs_to_its_metric()
    {
        var suite = new KnownSuite(16).Suite with { Practical = [new PracticalMargin { Metric = "accuracy", Points = 0.5 }] };
        var column = new ResultColumn("low", "10-fold, grid", true, ValueFormat.Percent) { Metric = "accuracy" };
        Assert.That(PracticalMargins.Of(suite, column), Is.EqualTo(0.005).Within(1e-15));
        Assert.That(PracticalMargins.Of(suite, column with { Metric = "EER" }), Is.Null);
    }
}
