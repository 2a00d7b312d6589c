using System.Text.RegularExpressions;
using Ablation.Experiments.Commands;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Tests.Reports;

namespace Ablation.Tests.Commands;

/// <summary>The figures at the end of a run are those of the report's tables.</summary>
public sealed class RunResultsTests
{
    [Test]
    public void Every_seed_stands_there_where_there_are_two([Values(40, 60, 80, 120, 200)] int width)
    {
        using var stored = new StoredSuite().Save();
        var suite = stored.Suite with { Seeds = [1, 2], Resolutions = [16] };
        var summary = Summary.Read(suite, stored.Store);
        var lines = Lines(summary, width);
        var (table, at) = (summary.Tables.Single(), summary.Tables.Single().Headline!.Value);
        Assert.That(lines.Select(line => line.Length), Is.All.LessThanOrEqualTo(width));
        Assert.That(lines, Has.Some.EqualTo("stored: 8 of 8 done in 1 h 12 min"));
        Assert.That(string.Join(' ', lines), Does.Contain("Two seeds: too few for an interval."));
        foreach (var row in table.Rows)
        {
            var format = table.Columns[at].Format;
            var mean = format.Text(row.Cells[at].Known);
            Assert.That(lines, Has.Some.Match($@"^   {row.Name} .*\b{mean}\b"), row.Name);
            var seeds = row.Seeds(at).OrderBy(seed => seed.Key).Select(seed => format.Text(seed.Value));
            if (width >= 60) Assert.That(lines, Has.Some.Match($@"^   {row.Name} +{string.Join(" +", seeds)} +{mean}\b"), row.Name);
        }
    }

    [Test]
    public void From_three_seeds_on_the_mean_has_its_interval_and_a_difference_its_sign()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite with { Resolutions = [16] }, stored.Store);
        var (table, at) = (summary.Tables.Single(), summary.Tables.Single().Headline!.Value);
        var lines = Lines(summary, 100);
        var from = table.Rows.Single(row => row.Loss == table.Baseline).Cells[at].Known!.Value;
        foreach (var row in table.Rows.Where(row => row.Loss != table.Baseline))
        {
            var difference = row.Name == Labels.Untrained ? row.Cells[at].Known - from : row.Cells[at].Comparison!.Difference;
            var text = Regex.Escape(table.Columns[at].Format.Signed(difference));
            Assert.That(lines, Has.Some.Match($"^   {row.Name} .* ± .* {text}$"), row.Name);
        }

        Assert.That(lines, Has.Exactly(1).Match($"^   {table.Baseline} .* baseline$"));
        Assert.That(string.Join(' ', lines), Does.Not.Contain("too few").And.Not.Contain("seed 1"));
    }

    [Test]
    public void A_missing_seed_is_not_a_number_and_a_suite_without_results_has_no_table()
    {
        using var stored = new StoredSuite().Save(trial => trial.Label != "ArcFace" || trial.Spec.Seed == 1);
        var suite = stored.Suite with { Seeds = [1, 2], Resolutions = [16] };
        Assert.That(Lines(Summary.Read(suite, stored.Store), 80), Has.Some.Match(@"^   ArcFace +\d\d +n/a +\d\d +\+"));
        using var none = new StoredSuite();
        Assert.That(Lines(Summary.Read(suite, none.Store), 80), Is.EqualTo(new[] { "", "stored: 0 of 8 done in 1 h 12 min" }));
    }

    private static List<string> Lines(Summary summary, int width) =>
        [.. RunResults.Lines(summary, TimeSpan.FromMinutes(72), new TerminalLook(width, 24, false, false, true))];
}
