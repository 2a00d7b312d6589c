using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ablation.Tests.Reports.Page;

/// <summary>A page that stays open in a headless Chromium, asked through its DevTools protocol.</summary>
internal sealed class BrowserTab : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder folder = new();
    private readonly ClientWebSocket socket = new();
    private Process? process;
    private int number;

    /// <summary>What the page said on its console, and its errors.</summary>
    public List<string> Console { get; } = [];

    public static async Task<BrowserTab> Open(string program, string address)
    {
        var tab = new BrowserTab();
        try
        {
            await tab.Start(program, address);
            return tab;
        }
        catch
        {
            tab.Dispose();
            throw;
        }
    }

    /// <summary>Returns the value of an expression in the page, as text.</summary>
    public async Task<string> Evaluate(string expression)
    {
        var answer = await Ask("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})" });
        return (string)answer["result"]!["value"]!;
    }

    /// <summary>Evaluates until the value is true.</summary>
    public async Task WaitFor(string expression)
    {
        for (var clock = Stopwatch.StartNew(); await Evaluate(expression) != "true"; await Task.Delay(100))
            Assert.That(clock.Elapsed, Is.LessThan(Patience), $"in time: {expression}");
    }

    public void Dispose()
    {
        socket.Dispose();
        if (process is { HasExited: false }) process.Kill(entireProcessTree: true);
        process?.WaitForExit(Patience);
        process?.Dispose();
        folder.Dispose();
    }

    private async Task Start(string program, string address)
    {
        process = Process.Start(new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--remote-debugging-port=0",
            $"--user-data-dir={folder.Path}", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var port = folder.File("DevToolsActivePort");
        for (var clock = Stopwatch.StartNew(); !File.Exists(port) || File.ReadAllLines(port).Length < 2; await Task.Delay(50))
            Assert.That(clock.Elapsed, Is.LessThan(Patience), "Chromium begins");
        using var client = new HttpClient();
        var made = await client.PutAsync($"http://127.0.0.1:{File.ReadAllLines(port)[0]}/json/new?about:blank", null);
        var target = JsonNode.Parse(await made.Content.ReadAsStringAsync())!;
        await socket.ConnectAsync(new Uri((string)target["webSocketDebuggerUrl"]!), CancellationToken.None);
        foreach (var domain in (string[])["Runtime.enable", "Log.enable", "Page.enable"]) await Ask(domain, []);
        await Ask("Page.navigate", new JsonObject { ["url"] = address });
        await WaitFor("location.href !== \"about:blank\" && document.readyState === \"complete\"");
    }

    /// <summary>Sends a command and reads until its answer; notes what the page says meanwhile.</summary>
    private async Task<JsonNode> Ask(string method, JsonObject parameters)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = ++number;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var answer = JsonNode.Parse(await Receive(patience.Token))!;
            if ((int?)answer["id"] == id) return answer["result"] ?? throw new JsonException(answer.ToJsonString());
            if ((string?)answer["method"] is "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded")
                Console.Add(answer["params"]!.ToJsonString());
        }
    }

    private async Task<string> Receive(CancellationToken cancel)
    {
        using var text = new MemoryStream();
        var part = new byte[1 << 16];
        WebSocketReceiveResult got;
        do
        {
            got = await socket.ReceiveAsync(part, cancel);
            text.Write(part, 0, got.Count);
        }
        while (!got.EndOfMessage);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
