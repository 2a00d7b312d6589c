using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ablation.Tests.Reports.Page;

/// <summary>A headless Chromium for one page at a time; without it a test is skipped with that reason.</summary>
internal sealed partial class Browser : IDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder folder = new();
    private readonly string program;

    public Browser()
    {
        program = Places.FirstOrDefault(File.Exists) ?? "";
        if (program.Length > 0) return;
        folder.Dispose();
        Assert.Ignore("no Chromium on this machine: the page was not opened");
    }

    /// <summary>Returns the document after its scripts have run, and the console's messages.</summary>
    public (string Dom, IReadOnlyList<string> Console) Open(string html, int width = 1000, int height = 800) =>
        Run(html, width, height, "--dump-dom");

    /// <summary>Opens an address that changes while it is looked at.</summary>
    public Task<BrowserTab> Visit(string address) => BrowserTab.Open(program, address);

    public string Screenshot(string html, int width, int height)
    {
        var path = folder.File("shot.png");
        Run(html, width, height, $"--screenshot={path}");
        return path;
    }

    /// <summary>Returns the page with another script at its end, which its policy is changed to allow.</summary>
    public static string WithScript(string html, string script)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.That(html, Does.Contain("script-src &#x27;").And.Contain("</body>"), "premise: the page has a policy");
        return html.Replace("script-src &#x27;", $"script-src &#x27;sha256-{hash}&#x27; &#x27;", StringComparison.Ordinal)
            .Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private (string Output, IReadOnlyList<string> Console) Run(string html, int width, int height, string task)
    {
        var page = folder.File("page.html");
        File.WriteAllText(page, html);
        var start = new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage",
                $"--user-data-dir={folder.File("profile")}",
            "--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000", $"--window-size={width},{height}", task,
                new Uri(page).AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("Chromium did not end");
        }

        return (output, [.. Spoken().Matches(errors.Result).Select(match => match.Value)]);
    }

    /// <summary>Matches a message of the page's console among those of the browser.</summary>
    [GeneratedRegex(@".*CONSOLE.*")]
    private static partial Regex Spoken();
}
