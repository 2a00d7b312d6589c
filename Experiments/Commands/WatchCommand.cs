using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Spectre.Console;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation watch SUITE</c>: repeats <see cref="StatusCommand"/> until the suite has ended.</summary>
public sealed class WatchCommand : ISubcommand
{
    private const int Interrupted = 130;

    public Command Build()
    {
        var (suite, results, seeds, losses) = (StatusCommand.Argument(), CommandOptions.Results(), CommandOptions.Seeds(),
            CommandOptions.Losses());
        var (failures, lines) = (StatusCommand.Failures(), StatusCommand.LogLines());
        var every = new Option<double>("--every") { Description = "seconds between updates, at least 0.1", DefaultValueFactory = _ => 5 };
        var command = new Command("watch",
            "repeats status until the suite ends, or Ctrl-C; to a file or pipe, prints it after each change") { suite,
                results, seeds, losses, failures, lines, every };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var pace = parsed.GetValue(every) is >= 0.1 and <= 86400 and var seconds
                ? TimeSpan.FromSeconds(seconds) : throw new ArgumentException("--every: must be 0.1 to 86400 seconds");
            var read = StatusCommand.Reader(parsed.GetRequiredValue(suite), parsed.GetRequiredValue(results), parsed.GetValue(seeds),
                parsed.GetValue(losses));
            var (failed, logged) = (parsed.GetValue(failures), parsed.GetValue(lines));
            if (Console.IsOutputRedirected)
                return Follow(() => read(DateTimeOffset.Now), new StatusLimits(int.MaxValue, failed, logged), Console.Out,
                    TimeZoneInfo.Local, Wait) is { } ended ? StatusCommand.ExitCode(ended) : Interrupted;
            SuiteState? last = null;
            AnsiConsole.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).Start(context =>
            {
                for (var isOpen = true; isOpen; isOpen = !last.HasEnded && Wait())
                {
                    last = read(DateTimeOffset.Now);
                    context.UpdateTarget(
                        new Text(string.Join('\n',
                            StatusText.Lines(last, TimeZoneInfo.Local, new StatusLimits(StatusCommand.Width(), failed, logged)))));
                }
            });
            // the last state stays on the screen
            foreach (var line in StatusText.Lines(last!, TimeZoneInfo.Local, new StatusLimits(StatusCommand.Width(), failed, logged)))
                Console.WriteLine(line);
            return cancel.IsCancellationRequested ? Interrupted : StatusCommand.ExitCode(last!);

            bool Wait() => !cancel.WaitHandle.WaitOne(pace);
        }));
        return command;
    }

    /// <summary>
    /// Writes the status whenever a trial changes its stage, separated by empty lines; progress is not a change. Returns the last state;
    /// null if it was stopped.
    /// </summary>
    /// <param name="wait">Called between updates; returns false to stop.</param>
    public static SuiteState? Follow(Func<SuiteState> read, StatusLimits limits, TextWriter output, TimeZoneInfo zone, Func<bool> wait)
    {
        string? before = null;
        while (true)
        {
            var state = read();
            var stages = string.Join('\n', state.Trials.Select(trial => $"{trial.Id} {trial.Stage} {trial.Attempts}")
                .Concat(state.Pools.Select(pool => pool.Token)));
            if (stages != before)
            {
                if (before is not null) output.WriteLine();
                foreach (var line in StatusText.Lines(state, zone, limits)) output.WriteLine(line);
                output.Flush();
            }

            before = stages;
            if (state.HasEnded) return state;
            if (!wait()) return null;
        }
    }
}
