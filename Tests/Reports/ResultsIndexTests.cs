using System.Text.RegularExpressions;
using Ablation.Experiments.Reports;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Reports;

/// <summary>The index page of all suites in a folder.</summary>
[Parallelizable]
public sealed class ResultsIndexTests
{
    [Test]
    public void Every_suite_has_a_row_with_its_answer_and_a_link()
    {
        using var known = new KnownSuite(16).Save(trial => trial.Spec.Seed < 6 ? KnownSuite.Wrong(trial) : null,
            result => result with
            {
                Provenance = result.Provenance with
                {
                    Started = new DateTimeOffset(2026, 1, 2, 3, 4,
                result.Label == "Npt" ? 50 : 0, TimeSpan.Zero),
                    Seconds = 15
                }
            });
        SuiteReport.Write(known.Suite, known.Store);
        Directory.CreateDirectory(Path.Combine(known.Results, "begun", "trials"));
        Directory.CreateDirectory(Path.Combine(known.Results, "micro"));
        var first = File.ReadAllText(ResultsIndex.Write(known.Results));
        var rows = Regex.Matches(first, "<tr><th scope=\"row\".*</tr>").Select(match => match.Value).ToList();
        Assert.That(rows, Has.Count.EqualTo(2), "micro is not a suite");
        Assert.That(rows[0], Does.Contain(">begun<").And.Contain("No report yet").And.Contain("<td class=\"number\">n/a</td>"));
        Assert.That(rows[1],
            Does.Contain("href=\"known/report.html\">known</a>").And.Contain("Does it run?"));
        Assert.That(System.Net.WebUtility.HtmlDecode(rows[1]), Does.Contain($">{known.Answer()}</td>"));
        Assert.That(Regex.Matches(rows[1], "data-value=\"(\\d+)\"")
            .Select(match => match.Groups[1].Value), Is.EqualTo(new[] { "24", "20", "0", "4" }));
        Assert.That(rows[1], Does.Contain(">2026-01-02 03:05</td>"), "the end of the last trial, not its start");
        Assert.That(File.ReadAllText(ResultsIndex.Write(known.Results)), Is.EqualTo(first));
    }

    [Test]
    public void An_unreadable_summary_is_reported_in_its_row()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("odd"));
        File.WriteAllText(folder.File("odd/summary.json"), "{ \"name\": 3 }");
        Assert.That(File.ReadAllText(ResultsIndex.Write(folder.Path)),
            Does.Contain(">odd<").And.Contain("summary.json cannot be read; write the report again"));
    }

    [Test]
    public void The_command_writes_only_the_index()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = Cli.Run(folder.Path, "report", "--index", "--results", folder.Path);
        Assert.That((code, output), Is.EqualTo((0, folder.File("index.html"))));
        Assert.That(File.ReadAllText(folder.File("index.html")), Does.Contain("No suite has a report here yet."));
        Assert.That(Cli.Run(folder.Path, "report", "smoke", "--index").Errors, Does.Contain("leave out the suite"));
        Assert.That(Cli.Run(folder.Path, "report").Errors, Does.Contain("no suite is named"));
        Assert.That(Cli.Run(folder.Path, "report", "--index", "--results", folder.File("none")).Errors, Does.Contain("no such folder"));
    }
}
