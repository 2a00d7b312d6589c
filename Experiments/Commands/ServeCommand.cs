using System.CommandLine;
using System.Net.Sockets;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Serving;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation serve [RESULTS]</c>: live pages of a folder of results, for a browser on this machine.</summary>
public sealed class ServeCommand : ISubcommand
{
    public Command Build()
    {
        var folder = new Argument<DirectoryInfo>("results")
        {
            Description = "folder of all results, or of one suite",
            DefaultValueFactory = _ => new DirectoryInfo("results"),
        };
        var port = new Option<int>("--port") { Description = "port on 127.0.0.1; 0 takes one that is free" };
        var control = new Option<bool>("--control") { Description = "lets the pages stop, leave out and try again single trials" };
        var show = new Option<bool>("--open") { Description = "opens the first page in the browser of this machine" };
        var command = new Command("serve", "shows suites, trials and curves in a browser while they run; reads files alone")
        {
            folder, port, control, show,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var results = parsed.GetRequiredValue(folder).FullName;
            if (!Directory.Exists(results))
                throw new DirectoryNotFoundException($"{results}: no such folder; give that of --results");
            if (parsed.GetValue(port) is < 0 or > 65535) throw new ArgumentException("--port: must be 0 to 65535");
            await using var server = await Start(new SuiteFeeds(results, Planned), parsed.GetValue(port), parsed.GetValue(control));
            Console.WriteLine($"{server.Address}");
            Console.WriteLine("Only on this machine and with this address. From another: ssh -L PORT:127.0.0.1:PORT. Ctrl-C ends it.");
            if (parsed.GetValue(show)) OpenCommand.Show(server.Address);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, StopRequests.First);
            var wait = new TaskCompletionSource();
            await using var end = ended.Token.Register(() => wait.TrySetResult());
            await wait.Task;
            return 0;
        });
        return command;
    }

    private static async Task<LiveServer> Start(SuiteFeeds suites, int port, bool hasControl)
    {
        try
        {
            return await LiveServer.Start(suites, port, hasControl);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new IOException($"--port {port}: cannot be listened on ({e.Message}); name another, or 0 for one that is free", e);
        }
    }

    /// <summary>Reads the suite that was last run in a folder; null where there is no copy of it, or it is of another version.</summary>
    private static SuitePlanned? Planned(string folder)
    {
        if (RunPart.Load(folder, out var copy) is not { } part) return null;
        try
        {
            var choice = new SuiteChoice(copy, [], [.. part.Seeds], [.. part.Losses], [.. part.Conditions]);
            var (suite, trials) = choice.Read(Directory.GetParent(folder));
            return SuitePlanned.Build(suite, trials, folder);
        }
        catch (Exception e) when (e is SuiteException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
