using System.Text.RegularExpressions;
using Ablation.Experiments.Serving;
using Ablation.Tests.Commands;
using Ablation.Tests.Reports.Page;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Serving;

/// <summary>The live page in a browser, and the command that serves it.</summary>
[Category("Slow"), NonParallelizable]
public sealed class LivePageTests
{
    private HandMadeSuite made = null!;

    private string Results => Path.GetDirectoryName(made.Store.Folder)!;

    [SetUp]
    public void Make()
    {
        made = new HandMadeSuite();
        made.Finish("Softmax", 1);
        made.Finish("ArcFace", 1);
        made.Fail("ArcFace", 2, "k is too large", HandMadeSuite.Now);
        var now = DateTimeOffset.UtcNow;
        made.Begin("ArcFace", 3, "a", now.AddMinutes(-1));
        made.Progress("ArcFace", 3, "a", 100, now.AddMinutes(-1), now.AddMinutes(1));
        File.WriteAllText(made.Files("ArcFace", 3).Curve, "20,4\n40,2\n60,1.5\n100,1\n");
        File.WriteAllText(made.Files("ArcFace", 3).Log, string.Concat(Enumerable.Repeat("a line that must not widen the page ", 9)));
    }

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public async Task An_open_page_follows_the_files_and_says_nothing_on_the_console()
    {
        using var browser = new Browser();
        await using var server = await Serve();
        using var tab = await browser.Visit($"{server.Address}suite/made/");
        await tab.WaitFor("document.querySelector('.connection').classList.contains('on')");
        await tab.Evaluate($"document.querySelector('[value=\"{made.Id("Softmax", 1)}\"]').click()");
        Assert.That(await tab.Evaluate("document.querySelector('tbody tr').id"), Is.EqualTo($"row-{made.Id("ArcFace", 3)}"), "what runs");
        made.Finish("Softmax", 2);
        await tab.WaitFor("document.querySelector('.answer').textContent.startsWith('3 of 9 trials done, 1 running, 1 failed.')");
        await tab.WaitFor($"document.getElementById('row-{made.Id("Softmax", 2)}').textContent.includes('done')");
        var chosen = "[...document.querySelectorAll('input:checked')].map(box => box.value)";
        Assert.That(await tab.Evaluate(chosen), Is.EqualTo(made.Id("Softmax", 1)), "a choice survives new rows");
        foreach (var seed in (int[])[2, 3]) await tab.Evaluate($"document.querySelector('[value=\"{made.Id("Softmax", seed)}\"]').click()");
        Assert.That((await tab.Evaluate(chosen)).Split(','), Has.Length.EqualTo(2).And.Member(made.Id("Softmax", 3)), "two at most");
        await server.DisposeAsync();
        await tab.WaitFor("document.querySelector('.connection').classList.contains('off')");
        Assert.That(tab.Console.Where(line => !line.Contains("ERR_", StringComparison.Ordinal)), Is.Empty, "but that the server is gone");
    }

    [TestCase(400)]
    [TestCase(1000)]
    [TestCase(1600)]
    public async Task A_page_is_never_wider_than_its_window(int width)
    {
        using var browser = new Browser();
        await using var server = await Serve();
        using var client = new HttpClient();
        string[] pages = ["", "suite/made/", $"suite/made/trial/{made.Id("ArcFace", 3)}/",
            $"suite/made/compare?t={made.Id("Softmax", 1)}&t={made.Id("ArcFace", 1)}"];
        foreach (var page in pages)
        {
            var html = await client.GetStringAsync(server.Address + page);
            var (dom, console) = browser.Open(html.Replace(" data-follow=\"events\"", "", StringComparison.Ordinal) +
                "<script>document.title = `${document.documentElement.scrollWidth}/${innerWidth}`</script>", width);
            var widths = Regex.Match(dom, "<title>(\\d+)/(\\d+)</title>");
            Assert.That(console, Is.Empty, page);
            Assert.That(int.Parse(widths.Groups[1].Value), Is.LessThanOrEqualTo(int.Parse(widths.Groups[2].Value)), page);
        }
    }

    [Test]
    public async Task The_command_serves_until_it_is_stopped()
    {
        if (!Cli.Hears(Cli.Terminate)) Assert.Ignore(Cli.Deaf);
        using var cli = Cli.Start(Results, "serve", ".");
        cli.WaitFor("Only on this machine and");
        var address = cli.Output.Split('\n')[0];
        Assert.That(address, Does.Match("^http://127\\.0\\.0\\.1:\\d+/[0-9a-f]{32}/$"));
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(address), Does.Contain("made"));
        using var open = await client.GetStreamAsync($"{address}suite/made/events"); // a page that stays open does not hold it up
        var before = Directory.GetFiles(Results, "*", SearchOption.AllDirectories);
        cli.Signal(Cli.Terminate);
        Assert.That(cli.End(), Is.EqualTo(0).Or.EqualTo(130));
        Assert.That(Directory.GetFiles(Results, "*", SearchOption.AllDirectories), Is.EquivalentTo(before), "it only reads");
    }

    [TestCase("no-folder", "no such folder; give that of --results")]
    [TestCase(". --port 70000", "--port: must be 0 to 65535")]
    public void What_cannot_be_served_is_said(string arguments, string message)
    {
        var (code, _, errors) = Cli.Run(Results, ["serve", .. arguments.Split(' ')]);
        Assert.That(code, Is.Not.Zero);
        Assert.That(errors, Does.Contain(message));
    }

    private Task<LiveServer> Serve() => LiveServer.Start(
        new SuiteFeeds(Results, _ => SuitePlanned.Build(made.Suite, made.Trials, made.Store.Folder)), 0, hasControl: true);
}
