using System.Text.RegularExpressions;
using Ablation.Experiments.Reports;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Reports;

/// <summary>The index page of all suites in a folder.</summary>
[Parallelizable]
public sealed class ResultsIndexTests
{
    [Test]
    public void Every_suite_has_an_entry_with_its_answer_and_a_link()
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
        var entries = Regex.Matches(System.Net.WebUtility.HtmlDecode(first), "<h2 [^>]*>(.*?)</h2>(.*?)</section>", RegexOptions.Singleline)
            .Select(match => (Name: match.Groups[1].Value, Text: match.Groups[2].Value)).ToList();
        Assert.That(entries.Select(entry => entry.Name), Is.EqualTo(new[] { "begun", "known" }), "micro is not a suite");
        Assert.That(entries[0].Text, Does.Contain("No report yet").And.Not.Contain("trials done").And.Not.Contain("href"));
        Assert.That(entries[1].Text, Does.Contain("href=\"known/report.html\">report</a>").And.Contain(">Does it run?</p>"));
        Assert.That(entries[1].Text, Does.Contain($"{known.Answer()}</p>"));
        Assert.That(Regex.Matches(entries[1].Text, "<span>([^<]*)</span>").Select(match => match.Groups[1].Value), Is.EqualTo(new[]
        {
            "20 of 24 trials done", "4 not run", "the last ended 2026-01-02 03:05 UTC",
        }), "nothing failed; the end of the last trial, not its start");
        Assert.That(File.ReadAllText(ResultsIndex.Write(known.Results)), Is.EqualTo(first));
    }

    [Test]
    public void An_unreadable_summary_is_reported_in_its_entry()
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
