using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation open [SUITE]</c>: shows the report in the browser of this machine.</summary>
public sealed class OpenCommand : ISubcommand
{
    public Command Build()
    {
        var suite = CommandOptions.SuiteArgument();
        suite.Arity = ArgumentArity.ZeroOrOne;
        var results = CommandOptions.Results();
        var print = new Option<bool>("--print") { Description = "prints the page's path and starts no browser" };
        var command = new Command("open", "shows a suite's report in the browser; without a suite, the page of all suites")
        {
            suite, results, print,
        };
        command.SetAction(parsed =>
        {
            var page = Page(parsed.GetRequiredValue(results).FullName, parsed.GetValue(suite));
            Console.WriteLine(page);
            if (!parsed.GetValue(print)) Show(page);
            return 0;
        });
        return command;
    }

    /// <exception cref="SuiteException">There is no such suite, or it has no report.</exception>
    private static string Page(string results, string? named)
    {
        var page = named is null ? Path.Combine(results, "index.html")
            : Path.Combine(results, Path.GetFileNameWithoutExtension(SuiteFile.Find(named)), "report.html");
        return File.Exists(page) ? page : throw new SuiteException($"{page}: no such page; " +
            (named is null ? "ablation report --index writes it" : $"ablation run {named} trains and writes it, ablation report {named} " +
                "writes it from what is stored") + ", and --results names the folder of all results");
    }

    internal static void Show(string page)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(page) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new IOException($"{page}: no browser could be started ({e.Message}); open this file in one", e);
        }
    }
}
