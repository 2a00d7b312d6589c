using System.Text.RegularExpressions;
using Ablation.Experiments.Serving;
using Ablation.Experiments.Serving.Views;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Serving;

/// <summary>What is sent to an open page when the files of a suite change.</summary>
public sealed class LiveEventsTests
{
    private static readonly DateTimeOffset Now = HandMadeSuite.Now;
    private HandMadeSuite made = null!;
    private SetClock clock = null!;
    private SuiteFeed feed = null!;
    private LiveEvents events = null!;

    [SetUp]
    public void Make()
    {
        made = new HandMadeSuite();
        clock = new SetClock(Now);
        made.Begin("Softmax", 1, "a", Now.AddMinutes(-2));
        made.Progress("Softmax", 1, "a", 100, Now.AddMinutes(-2), Now);
        File.WriteAllText(made.Files("Softmax", 1).Curve, "20,4\n40,2\n60,1\n");
        File.WriteAllText(made.Files("Softmax", 1).Log, "trains for 500 steps\n");
        feed = MadeFeed.Of(made, clock);
        events = new LiveEvents(feed, new LiveQuery(), hasControl: false);
    }

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void At_first_everything_is_sent_and_then_only_what_changed()
    {
        Assert.That(Changed().Keys, Is.EquivalentTo(new[] { "head", "rows", "curves", "logs" }));
        Assert.That(Changed(), Is.Empty, "nothing happened");

        made.Progress("Softmax", 1, "a", 250, Now.AddMinutes(-2), Now.AddSeconds(2));
        var parts = Changed();
        Assert.That(parts.Keys, Is.SupersetOf(new[] { Row("Softmax", 1) }).And.SubsetOf(new[] { Row("Softmax", 1), "head" }));
        Assert.That(parts[Row("Softmax", 1)], Does.Contain(">250/500<").And.StartsWith($"<tr id=\"{Row("Softmax", 1)}\""));

        File.AppendAllText(made.Files("Softmax", 1).Curve, "80,0.5\n");
        Assert.That(Changed().Keys, Is.EquivalentTo(new[] { Row("Softmax", 1), "curves" }));
        File.AppendAllText(made.Files("Softmax", 1).Log, "checkpoint at step 250\n");
        Assert.That(Changed()["logs"], Does.Contain("checkpoint at step 250"));
    }

    [Test]
    public void A_trial_that_ends_moves_so_that_all_rows_are_sent()
    {
        made.Begin("ArcFace", 1, "b", Now.AddSeconds(-5));
        Changed();
        made.Finish("Softmax", 1, seconds: 150);
        var parts = Changed();
        Assert.That(parts["head"], Does.Contain("1 of 9 trials done, 1 running, none failed."));
        Assert.That(parts["rows"], Does.StartWith("<tbody id=\"rows\">").And.Contain(">done<").And.Contain(">2.5 min<"));
        Assert.That(Regex.Count(parts["rows"], "<tr "), Is.EqualTo(9), "the plan's trials too, begun or not");
    }

    [Test]
    public void A_result_that_is_deleted_waits_again_after_a_minute_at_most()
    {
        made.Finish("Softmax", 1);
        Changed();
        Directory.Delete(made.Store.TrialFolder(made.Id("Softmax", 1)), recursive: true);
        clock.Pass(TimeSpan.FromSeconds(61));
        Assert.That(Changed()["head"], Does.Contain("0 of 9 trials done"));
    }

    [Test]
    public void What_a_suite_or_a_log_says_is_text_and_never_markup()
    {
        feed = MadeFeed.Of(made, clock, made.Suite with { Question = "Is <script>alert(1)</script> \"better\"?" });
        File.WriteAllText(made.Files("Softmax", 1).Log, "<img src=x onerror=alert(1)>\n");
        var html = LiveHtml.Of<SuitePage>(("Page", LivePage.Of(LiveSuite.Read(feed, new LiveQuery(Text: "\"><b>")), hasControl: true)));
        Assert.That(html, Does.Contain("Is &lt;script&gt;alert(1)&lt;/script&gt;").And.Not.Contain("<script>alert"));
        html = LiveHtml.Of<SuitePage>(("Page", LivePage.Of(LiveSuite.Read(feed, new LiveQuery()), hasControl: true)));
        Assert.That(html, Does.Contain("&lt;img src=x").And.Not.Contain("<img src=x"));
    }

    [Test]
    public void Only_a_page_with_control_has_buttons_and_each_offers_what_can_be_done()
    {
        made.Fail("ArcFace", 1, "k is too large", Now);
        made.Pool("pool", Now, made.Slot(0, "Softmax", 1));
        AtomicFile.Write(made.Files("ArcFace", 2).Asked, SpecJson.Write(new TrialRequest(RequestKind.Leave, Now)));
        Assert.That(Page(hasControl: false), Does.Not.Contain("<button name=\"kind\""));
        var page = Page(hasControl: true);
        Assert.That(Words(page, "Softmax", 1), Is.EqualTo("leave stop"));
        Assert.That(Words(page, "ArcFace", 1), Is.EqualTo("retry retry"));
        Assert.That(Words(page, "ArcFace", 2), Is.EqualTo("retry resume"), "it was left");
        Assert.That(Words(page, "ArcFace", 3), Is.EqualTo("leave skip"));
    }

    private string Words(string page, string label, int seed)
    {
        var row = page[page.IndexOf($"<tr id=\"{Row(label, seed)}\"", StringComparison.Ordinal)..];
        var match = Regex.Match(row[..row.IndexOf("</tr>", StringComparison.Ordinal)], "<button name=\"kind\" value=\"(\\w+)\">([^<]+)<");
        return $"{match.Groups[1].Value} {match.Groups[2].Value}";
    }

    private string Page(bool hasControl)
    {
        clock.Pass(TimeSpan.FromSeconds(1));
        return LiveHtml.Of<SuitePage>(("Page", LivePage.Of(LiveSuite.Read(feed, new LiveQuery()), hasControl)));
    }

    private Dictionary<string, string> Changed()
    {
        clock.Pass(TimeSpan.FromSeconds(1)); // the feed reads again
        return events.Changed().ToDictionary(part => part.Id, part => part.Html);
    }

    private string Row(string label, int seed) => $"row-{made.Id(label, seed)}";
}
