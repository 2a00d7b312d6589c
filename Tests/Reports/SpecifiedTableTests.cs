using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Reports;

/// <summary>Tables specified in a suite: rows, columns, conditions, published figures, and errors.</summary>
[Parallelizable]
public sealed class SpecifiedTableTests
{
    private static readonly TableColumn Accuracy = new()
    {
        Test = "random",
        Metric = "accuracy",
        Published = new PublishedColumn { Backbone = "ResNet-50", Benchmark = "LFW", Metric = "accuracy %" }
    };

    private static readonly TableOptions Table = new()
    {
        Title = "Table 3 in small",
        Published = "npt-table3",
        Rows =
        [
            new TableRow { Loss = "Npt", Name = "NPT & co", Published = new PublishedRow { Loss = "NPT", Setting = "k=1" } },
            new TableRow { Loss = "Softmax" },
            new TableRow { Loss = "ArcFace", Published = new PublishedRow { Loss = "ArcFace" } },
        ],
        Columns =
        [
            Accuracy with { Condition = "Small, 16 px", Name = "16 px" },
            Accuracy with { Condition = "Small, 32 px", Estimator = "10-fold, exact", Published = null },
        ],
    };

    [Test]
    public void A_specified_table_as_Markdown() => Golden.Check(MarkdownWriter.Write(TextTable.Build(Only(Table))));

    [Test]
    public void A_specified_table_as_LaTeX() => Golden.Check(LatexTable.Write(Only(Table), "tab:specified"));

    [Test]
    public void A_specified_table_as_CSV() => Golden.Check(TableCsv.WriteSpecified([Only(Table)]));

    [Test]
    public void Rows_are_in_the_specified_order_and_each_column_has_its_condition()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite with { Tables = [Table] }, stored.Store);
        var table = summary.Specified.Single();
        Assert.That(table.Rows.Select(row => row.Name), Is.EqualTo(new[] { "NPT & co", "Softmax", "ArcFace" }));
        foreach (var (j, (label, estimator)) in new[] { ("Small, 16 px", "10-fold, grid"), ("Small, 32 px", "10-fold, exact") }.Index())
        {
            var plain = summary.Tables.Single(one => one.ConditionLabel == label);
            var at = plain.Columns.ToList().FindIndex(column => column.Name == "accuracy" && column.Estimator == estimator);
            Assert.That(table.Columns[j].Estimator, Is.EqualTo(estimator));
            Assert.That(table.Rows[0].Cells[j].Mean, Is.EqualTo(plain.Rows.Single(row => row.Name == "Npt").Cells[at].Mean));
        }
    }

    [Test]
    public void The_baseline_is_that_of_the_table()
    {
        using var stored = new StoredSuite().Save();
        var cells = Only(Table with { Baseline = "ArcFace" }).Rows.Select(row => row.Cells[0].Comparison?.Verdict).ToList();
        Assert.That(cells, Is.EqualTo(new Verdict?[] { Verdict.Open, Verdict.Open, null }));
        Assert.That(Only(Table).Rows.Select(row => row.Cells[0].Comparison is null), Is.EqualTo(new[] { false, true, false }),
            "Softmax is the suite's baseline");
    }

    [Test]
    public void Published_figures_are_beside_ours_with_difference_and_source()
    {
        var table = Only(Table);
        var cell = table.Rows[0].Cells[0];
        Assert.That(cell.Published!.Value, Is.EqualTo(99.40));
        Assert.That(cell.Published.Raw, Is.EqualTo(0.994).Within(1e-15));
        Assert.That(cell.PublishedDifference, Is.EqualTo(cell.Mean!.Value - 0.994).Within(1e-15));
        Assert.That(table.Caption, Does.Contain("Khalid et al. manuscript 2021 Table 3").And.Contain("trained on CASIA-WebFace"));
        Assert.That((table.HasPublished(0), table.HasPublished(1)), Is.EqualTo((true, false)));
        Assert.That(table.Rows[1].Cells[0].Published, Is.Null);
    }

    [Test]
    public void Each_cell_names_its_trials()
    {
        using var stored = new StoredSuite().Save(trial => trial.Spec.Seed != 2);
        var table = Summary.Read(stored.Suite with { Tables = [Table] }, stored.Store).Specified.Single();
        var expected = stored.Suite.Trials().Where(trial => trial.Label == "ArcFace" && trial.Spec.Resolution == 32 && trial.Spec.Seed != 2)
            .Select(trial => trial.Spec.Id());
        Assert.That(table.Rows[2].Cells[1].Trials.Select(trial => trial.Id), Is.EqualTo(expected));
    }

    [Test]
    public void Without_conditions_there_is_one_table_per_condition()
    {
        using var stored = new StoredSuite().Save();
        var plain = new TableOptions { Title = "all", Columns = [Accuracy with { Published = null }] };
        var tables = Summary.Read(stored.Suite with { Tables = [plain] }, stored.Store).Specified;
        Assert.That(tables.Select(table => table.ConditionLabel), Is.EqualTo(new[] { "Small, 16 px", "Small, 32 px" }));
        Assert.That(tables[0].Rows.Select(row => row.Name), Is.EqualTo(new[] { "Softmax", "ArcFace", "Npt" }),
            "not the untrained network");
    }

    [Test]
    public void An_unknown_test_or_metric_gives_no_number_and_a_problem()
    {
        var table = Only(
            Table with
            {
                Columns = [Accuracy with { Test = "LFW", Condition = "Small, 16 px" },
                Accuracy with { Metric = "rank-1", Condition = "Small, 16 px" }]
            });
        Assert.That(table.Rows.SelectMany(row => row.Cells).Select(cell => cell.Mean), Is.All.Null);
        Assert.That(table.Problems, Has.Count.EqualTo(2));
        Assert.That(table.Problems[0], Does.Contain("no trial has the test \"LFW\"; known: random"));
        Assert.That(table.Problems[1], Does.Contain("random has no \"rank-1\"; known: accuracy (10-fold, grid)"));
    }

    [TestCase("\"rows\": [{ \"loss\": \"Npt\" }], \"columns\": [{ \"test\": \"t\", \"metric\": \"m\" }]",
        "\"Npt\" is not one of the losses; known: Softmax, ArcFace, untrained")]
    [TestCase("\"baseline\": \"Npt\", \"columns\": [{ \"test\": \"t\", \"metric\": \"m\" }]",
        "the baseline \"Npt\" is not one of the losses")]
    [TestCase("\"columns\": [{ \"test\": \"t\", \"metric\": \"m\", \"condition\": \"x\" }]", "no condition \"x\"; known: Small")]
    [TestCase("\"columns\": [{ \"test\": \"t\", \"metric\": \"m\" }, { \"test\": \"t\", \"metric\": \"m\", \"condition\": \"Small, 16 " +
        "px\" }]", "only some columns name a condition")]
    [TestCase("\"published\": \"table9\", \"columns\": [{ \"test\": \"t\", \"metric\": \"m\" }]", "no list \"table9\"; known: npt-table1")]
    [TestCase("\"published\": \"npt-table3\", \"columns\": [{ \"test\": \"t\", \"metric\": \"m\", \"published\": { \"benchmark\": " +
        "\"LFV\", \"metric\": \"accuracy %\" } }]", "npt-table3 has no  LFV accuracy %; known: ResNet-50 LFW accuracy %")]
    [TestCase("\"published\": \"npt-table3\", \"rows\": [{ \"loss\": \"ArcFace\", \"published\": { \"loss\": \"AdaFace\" } }], " +
        "\"columns\": [{ \"test\": \"t\", \"metric\": \"m\" }]", "npt-table3 has no AdaFace ; known: Norm-Softmax")]
    [TestCase("\"columns\": [{ \"test\": \"t\", \"metric\": \"m\", \"published\": { \"benchmark\": \"LFW\", \"metric\": \"accuracy %\" " +
        "} }]", "the table does not; add published")]
    public void A_table_that_does_not_fit_the_suite_is_refused(string table, string message) =>
        Assert.That(SuiteText.Problem("\"seeds\"", $"\"tables\": [{{ \"title\": \"T\", {table} }}], \"seeds\""),
            Does.StartWith("own.jsonc: tables: \"T\": ").And.Contain(message));

    [Test]
    public void Every_published_figure_has_a_source_and_a_possible_value() => Assert.Multiple(() =>
    {
        Assert.That(PublishedFigures.All, Has.Count.GreaterThan(80));
        Assert.That(PublishedFigures.All.Select(figure => figure.Source), Is.All.Not.Empty);
        Assert.That(PublishedFigures.All.Where(figure => figure.Metric.EndsWith('%')).Select(figure => figure.Raw), Is.All.InRange(0, 1));
        Assert.That(PublishedFigures.All.Select(figure =>
            (figure.Table, figure.Loss, figure.Setting, figure.Backbone, figure.Benchmark, figure.Metric)), Is.Unique);
    });

    private static ResultTable Only(TableOptions table)
    {
        using var stored = new StoredSuite().Save();
        return Summary.Read(stored.Suite with { Tables = [table] }, stored.Store).Specified.Single();
    }
}
