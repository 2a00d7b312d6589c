using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation status SUITE</c>: prints the state of a suite, read from its files during or after a run.</summary>
public sealed class StatusCommand : ISubcommand
{
    private const int Unfinished = 3;

    public Command Build()
    {
        var (suite, results) = (new SuiteOptions(Argument()), CommandOptions.Results());
        var (failures, lines) = (Failures(), LogLines());
        var json = new Option<bool>("--json") { Description = "prints everything as JSON" };
        var command = new Command("status",
            "shows the state of a suite: what runs and how fast, what is left, what failed and why") { results, failures,
                lines, json };
        suite.AddTo(command);
        command.SetAction(parsed =>
        {
            var choice = suite.Read(parsed);
            var state = Reader(choice, parsed.GetRequiredValue(results))(DateTimeOffset.Now);
            if (!state.HasBegun) throw NeverRan.Problem(choice.Name, state.Folder);
            var limits = new StatusLimits(TerminalLook.OfOutput(), parsed.GetValue(failures), parsed.GetValue(lines));
            IEnumerable<string> text = parsed.GetValue(json) ? [SpecJson.Write(StatusJson.FromState(state))]
                : limits.Look.IsTerminal ? StatusText.Lines(state, TimeZoneInfo.Local, limits, Run(choice))
                : StatusRows.Lines(state);
            foreach (var line in text) Console.WriteLine(line);
            return ExitCode(state);
        });
        return command;
    }

    /// <summary>Returns 1 if a trial failed, like <c>run</c>; otherwise 3 if trials are left to run, and 0 if all are finished.</summary>
    internal static int ExitCode(SuiteState state) => state.Count(TrialStage.Failed) + state.Count(TrialStage.Damaged) > 0 ? 1
        : state.Count(TrialStage.Finished) < state.Trials.Count ? Unfinished : 0;

    internal static Argument<string> Argument() =>
        new("suite") { Description = "a shipped suite, the path of a .jsonc file, or the results folder of one suite" };

    internal static Option<int> Failures() =>
        new("--failures") { Description = "most failed and interrupted trials to list", DefaultValueFactory = _ => 5 };

    internal static Option<int> LogLines() =>
        new("--log-lines") { Description = "last log lines to show per failed trial", DefaultValueFactory = _ => 3 };

    /// <summary>Returns the command that runs a suite; null for a results folder, which does not say where its suite is.</summary>
    internal static string? Run(SuiteChoice choice) => Directory.Exists(choice.Name) && !SuiteFile.Shipped.Contains(choice.Name) ? null
        : string.Join(' ', choice.Arguments().Prepend(choice.Name).Select(Quoted).Prepend("ablation run"));

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(" *?\"'&|<>()$;{}") >= 0 ? $"\"{text}\"" : text;

    /// <summary>
    /// Returns a function that reads the current state. A folder with trials is the results of one suite; anything else is a suite.
    /// </summary>
    /// <exception cref="SuiteException">It is neither.</exception>
    internal static Func<DateTimeOffset, SuiteState> Reader(SuiteChoice choice, DirectoryInfo results)
    {
        if (Directory.Exists(Path.Combine(choice.Name, "trials")))
        {
            if (choice.Changes)
                throw new ArgumentException($"{choice.Name}: --set, --seeds, --losses and --conditions choose from a suite; give the " +
                    "suite in place of its results folder");
            return now => SuiteState.Read(new ResultStore(choice.Name), now);
        }

        if (Directory.Exists(choice.Name) && !SuiteFile.Shipped.Contains(choice.Name))
            throw new SuiteException(
                $"{choice.Name}: not the results of a suite, as it has no folder 'trials'; give a suite, or its folder below " +
                $"--results");
        var store = new ResultStore(Path.Combine(results.FullName, choice.Read().Suite.Name));
        return now =>
        {
            var (read, trials) = choice.Read(results); // tuning may have chosen meanwhile
            var state = SuiteState.Read(read, trials, store, now);
            if (read is not { Tune: not null, Tuned: null }) return state;
            var tuning = TuningState.Read(TuningPlan.Build(read), TuningPlan.StoreOf(store));
            return state with
            {
                Tuning = SuiteState.Read(tuning.Plan.Validation, [.. tuning.Trials.Select(trial => trial.Plan)],
                TuningPlan.StoreOf(store), now)
            };
        };
    }
}
