using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation compare A B</c>: two finished trials beside each other.</summary>
public sealed class CompareCommand : ISubcommand
{
    public Command Build()
    {
        var (a, b) = (Trial("a", "first"), Trial("b", "second"));
        var results = CommandOptions.Results();
        var command = new Command("compare",
            "shows two finished trials beside each other: figures, settings that differ, and what is the same")
        { a, b, results };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(results).FullName;
            var (first, second) = (Read(parsed.GetRequiredValue(a)), Read(parsed.GetRequiredValue(b)));
            foreach (var line in TrialComparison.Lines(first, second, TerminalLook.OfOutput())) Console.WriteLine(line);
            return 0;

            Harness.TrialResult Read(string named) =>
                ResultStore.ReadResult(Path.Combine(TrialNames.Folder(named, folder), "result.json"));
        });
        return command;
    }

    private static Argument<string> Trial(string name, string which) =>
        new(name) { Description = $"the {which} trial: its id, the first four letters of it at least, or its folder" };
}
