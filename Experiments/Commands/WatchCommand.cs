using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation watch SUITE</c>: repeats <see cref="StatusCommand"/> until the suite has ended.</summary>
public sealed class WatchCommand : ISubcommand
{
    private const int Interrupted = 130;

    public Command Build()
    {
        var (suite, results) = (new SuiteOptions(StatusCommand.Argument()), CommandOptions.Results());
        var (failures, lines) = (StatusCommand.Failures(), StatusCommand.LogLines());
        var every = new Option<double>("--every") { Description = "seconds between updates, at least 0.1", DefaultValueFactory = _ => 5 };
        var command = new Command("watch",
            "repeats status until the suite ends, or Ctrl-C; to a file or pipe, prints it after each change") { results,
                failures, lines, every };
        suite.AddTo(command);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var pace = parsed.GetValue(every) is >= 0.1 and <= 86400 and var seconds
                ? TimeSpan.FromSeconds(seconds) : throw new ArgumentException("--every: must be 0.1 to 86400 seconds");
            var choice = suite.Read(parsed);
            var read = StatusCommand.Reader(choice, parsed.GetRequiredValue(results));
            var run = StatusCommand.Run(choice);
            if (!TerminalLook.OfOutput().HasEscapes)
                return Follow(() => read(DateTimeOffset.Now), Console.Out, () => !cancel.WaitHandle.WaitOne(pace)) is { } ended
                    ? StatusCommand.ExitCode(ended) : Interrupted;
            var last = WatchScreen.Show(() => read(DateTimeOffset.Now), () => new StatusLimits(TerminalLook.OfOutput(),
                parsed.GetValue(failures), parsed.GetValue(lines)), run, pace, WatchKeys.OfConsole(), cancel);
            return cancel.IsCancellationRequested ? Interrupted : StatusCommand.ExitCode(last);
        }));
        return command;
    }

    /// <summary>
    /// Writes a line whenever a trial changes its stage or begins another attempt; progress is not a change. At first it writes one for
    /// each trial that is not waiting. Returns the last state; null if it was stopped.
    /// </summary>
    /// <param name="wait">Called between updates; returns false to stop.</param>
    public static SuiteState? Follow(Func<SuiteState> read, TextWriter output, Func<bool> wait)
    {
        var known = new Dictionary<string, string>();
        string? totals = null;
        while (true)
        {
            var state = read();
            foreach (var trial in state.Trials.Concat(state.Tuning?.Trials ?? []))
            {
                var now = $"{trial.Stage} {trial.Attempts}";
                if (now == known.GetValueOrDefault(trial.Id, $"{TrialStage.Waiting} 0")) continue;
                known[trial.Id] = now;
                output.WriteLine(StatusEvent.Of(trial, state.Now));
            }

            if (StatusEvent.Totals(state) is var line && line != totals) output.WriteLine(EventLine.Of(state.Now, totals = line));
            output.Flush();
            if (state.HasEnded) return state;
            if (!wait()) return null;
        }
    }
}
