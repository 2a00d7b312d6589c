using System.Net;
using System.Text.RegularExpressions;
using Ablation.Experiments.Serving;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Serving;

/// <summary>The server of the live pages: what it answers, and to whom.</summary>
[NonParallelizable]
public sealed class LiveServerTests
{
    private HandMadeSuite made = null!;
    private LiveServer server = null!;
    private HttpClient client = null!;

    private string Results => Path.GetDirectoryName(made.Store.Folder)!;

    [SetUp]
    public async Task Start()
    {
        made = new HandMadeSuite();
        made.Finish("Softmax", 1);
        made.Finish("ArcFace", 1);
        made.Fail("ArcFace", 2, "k is too large", HandMadeSuite.Now);
        File.WriteAllText(Path.Combine(made.Store.Folder, "report.html"), "<!DOCTYPE html><title>made</title>");
        File.WriteAllText(Path.Combine(Results, "secret.txt"), "secret");
        await Serve(hasControl: false);
    }

    [TearDown]
    public async Task End()
    {
        client.Dispose();
        await server.DisposeAsync();
        made.Dispose();
    }

    [TestCase("", "<a href=\"suite/made/\">made</a>")]
    [TestCase("suite/made/", "2 of 9 trials done, 1 failed.")]
    [TestCase("suite/made/?state=failed", "1 to 1 of 1 trials")]
    [TestCase("suite/made/status.json", "\"suite\": \"made\"")]
    [TestCase("suite/made/trial/{ArcFace}/", "losses.scale")]
    [TestCase("suite/made/trial/{ArcFace}/log", "\n")]
    [TestCase("suite/made/compare?t={Softmax}&t={ArcFace}", "Settings that differ")]
    [TestCase("suite/made/written/report.html", "<title>made</title>")]
    [TestCase("suite/made/report/report.html", "<html lang=\"en\">")]
    public async Task A_page_shows_what_is_there(string path, string text)
    {
        var answer = await client.GetAsync(Named(path));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(text));
        Assert.That(string.Join(';', answer.Headers.GetValues("Content-Security-Policy")), Does.Contain("frame-ancestors 'none'"));
        Assert.That(answer.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }), "the token is in the address");
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
    }

    [TestCase("suite/other/", 404, "has no suite other")]
    [TestCase("suite/made/trial/0123456789ab/", 404, "has no trial 0123456789ab")]
    [TestCase("suite/made/trial/0123456789ab/log", 404, "has no trial 0123456789ab")]
    [TestCase("suite/made/compare?t={Softmax}", 400, "Tick two trials")]
    [TestCase("suite/made/compare?t={Softmax}&t={ArcFace2}", 400, "Only finished trials")]
    public async Task What_is_not_there_is_said(string path, int status, string text)
    {
        var answer = await client.GetAsync(Named(path));
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(text));
    }

    [TestCase("../secret.txt")]
    [TestCase("..%2fsecret.txt")]
    [TestCase("..%5csecret.txt")]
    [TestCase("%2e%2e/secret.txt")]
    [TestCase("plots/..%2f..%2fsecret.txt")]
    [TestCase("/etc/passwd")]
    [TestCase(".hidden.txt")]
    [TestCase("trials/a/b/c/d.txt")]
    [TestCase("link.txt")]
    [TestCase("linked/secret.txt")]
    [TestCase("weights.bin")]
    [TestCase("plots")]
    public async Task No_file_outside_of_the_report_is_given(string path)
    {
        Directory.CreateDirectory(Path.Combine(made.Store.Folder, "plots"));
        foreach (var name in (string[])[".hidden.txt", "weights.bin"]) File.WriteAllText(Path.Combine(made.Store.Folder, name), "secret");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(made.Store.Folder, "link.txt"), Path.Combine(Results, "secret.txt"));
            Directory.CreateSymbolicLink(Path.Combine(made.Store.Folder, "linked"), Results);
        }

        // as it is, since a client would shorten ".."
        var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var answer = await client.GetAsync(new Uri($"{server.Address}suite/made/written/{path}", asItIs));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("secret"));
    }

    [TestCase("", null, null, 403)] // another user of the machine, who has the port and no token
    [TestCase("00000000000000000000000000000000/", null, null, 403)]
    [TestCase("{token}/", "Host", "evil.example", 421)] // a name that was rebound to this machine
    [TestCase("{token}/", "Host", "localhost:8080", 200)] // a tunnel
    [TestCase("{token}/", "Origin", "http://evil.example", 403)]
    [TestCase("{token}/", "Sec-Fetch-Site", "cross-site", 403)]
    [TestCase("{token}/", "Sec-Fetch-Site", "same-origin", 200)]
    public async Task Only_who_has_the_address_and_comes_from_no_other_site_is_answered(string path, string? header, string? value,
        int status)
    {
        var root = new Uri(server.Address);
        var token = root.AbsolutePath.Trim('/');
        using var request = new HttpRequestMessage(HttpMethod.Get,
            new Uri(root, "/" + path.Replace("{token}", token, StringComparison.Ordinal)));
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);
        var answer = await client.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        if (status != 200) Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("made"));
    }

    [Test]
    public async Task The_report_as_it_stands_is_made_again_when_a_trial_has_ended_and_leaves_the_results_alone()
    {
        var before = Directory.GetFiles(Results, "*", SearchOption.AllDirectories);
        var page = await client.GetStringAsync(Named("suite/made/report/report.html"));
        Assert.That(page, Does.Contain("2 of 9 trials"));
        var picture = Regex.Match(page, "href=\"(plots/[^\"]+\\.png)\"").Groups[1].Value;
        Assert.That((await client.GetAsync(Named($"suite/made/report/{picture}"))).StatusCode, Is.EqualTo(HttpStatusCode.OK), picture);
        Assert.That(Directory.GetFiles(Results, "*", SearchOption.AllDirectories), Is.EquivalentTo(before));
        Thread.Sleep(600);
        made.Finish("ArcFace", 3);
        Assert.That(await client.GetStringAsync(Named("suite/made/report/report.html")), Does.Contain("3 of 9 trials"));
    }

    [Test]
    public async Task A_link_from_elsewhere_opens_a_page_but_no_form_of_another_site_is_taken()
    {
        await Serve(hasControl: true);
        Running();
        using var link = new HttpRequestMessage(HttpMethod.Get, server.Address);
        link.Headers.Add("Sec-Fetch-Site", "cross-site");
        link.Headers.Add("Sec-Fetch-Mode", "navigate");
        Assert.That((await client.SendAsync(link)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var form = Form("retry");
        form.Headers.Add("Sec-Fetch-Site", "cross-site");
        form.Headers.Add("Sec-Fetch-Mode", "navigate");
        Assert.That((await client.SendAsync(form)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(made.Files("ArcFace", 2).Asked, Does.Not.Exist);
    }

    [Test]
    public async Task Without_control_nothing_can_be_asked_for()
    {
        Running();
        using var form = Form("retry");
        Assert.That((await client.SendAsync(form)).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(made.Files("ArcFace", 2).Asked, Does.Not.Exist);
    }

    [TestCase("retry", 302, "")]
    [TestCase("leave", 302, "")]
    [TestCase("delete", 400, "kind is leave or retry")]
    [TestCase("7", 400, "kind is leave or retry")]
    public async Task With_control_a_trial_is_asked_for(string kind, int status, string text)
    {
        await Serve(hasControl: true);
        Running();
        using var form = Form(kind);
        var answer = await client.SendAsync(form);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(text));
        var asked = made.Files("ArcFace", 2).ReadAsked();
        Assert.That(asked?.Kind.ToString().ToLowerInvariant(), Is.EqualTo(status == 302 ? kind : null));
    }

    [Test]
    public async Task What_cannot_be_done_says_what_would_do()
    {
        await Serve(hasControl: true);
        Assert.That(await Refused("ArcFace", 2), Does.Contain("no run is going on; ablation run made begins one"));
        Running();
        Assert.That(await Refused("Softmax", 1), Does.Contain("it is finished"));
        made.Begin("ArcFace", 3, "a", DateTimeOffset.UtcNow, job: "17_3");
        Assert.That(await Refused("ArcFace", 3), Does.Contain("scancel 17_3 stops it"));
    }

    [Test]
    public async Task Updates_arrive_while_a_page_is_open_and_the_server_ends_all_the_same()
    {
        using var stream = await client.GetStreamAsync(Named("suite/made/events"));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync(), Does.StartWith("data: {\"time\":").And.Contain("\"id\":\"rows\""));
        made.Finish("Softmax", 2);
        string? line;
        do line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        while (line?.Contains("\"id\":\"head\"", StringComparison.Ordinal) == false);
        Assert.That(line, Does.Contain("3 of 9 trials done"));
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public void A_port_that_is_taken_is_an_error()
    {
        var port = new Uri(server.Address).Port;
        Assert.That(async () => await LiveServer.Start(new SuiteFeeds(Results, _ => null), port, hasControl: false),
            Throws.TypeOf<IOException>().With.Message.Contains($"{port}"));
    }

    private async Task Serve(bool hasControl)
    {
        if (server is not null) await server.DisposeAsync();
        client?.Dispose();
        server = await LiveServer.Start(new SuiteFeeds(Results, _ => SuitePlanned.Build(made.Suite, made.Trials, made.Store.Folder)), 0,
            hasControl);
        client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
    }

    private void Running()
    {
        var now = DateTimeOffset.UtcNow;
        made.Pool("pool", now);
        Thread.Sleep(600); // the feed reads at most twice a second
    }

    private async Task<string> Refused(string label, int seed)
    {
        Thread.Sleep(600);
        using var form = Form("leave", label, seed);
        var answer = await client.SendAsync(form);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        return await answer.Content.ReadAsStringAsync();
    }

    private HttpRequestMessage Form(string kind, string label = "ArcFace", int seed = 2) =>
        new(HttpMethod.Post, $"{server.Address}suite/made/trial/{made.Id(label, seed)}/ask")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["kind"] = kind }),
        };

    private string Named(string path) => server.Address + Regex.Replace(path, @"\{([A-Za-z]+)(\d?)\}",
        match => made.Id(match.Groups[1].Value, match.Groups[2].Length > 0 ? int.Parse(match.Groups[2].Value) : 1));
}
