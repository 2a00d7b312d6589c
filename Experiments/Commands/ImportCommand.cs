using System.CommandLine;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation import RESULTS [SUITE]</c>: takes finished trials of another machine. Exits with 1 if one was refused.</summary>
public sealed class ImportCommand : ISubcommand
{
    public Command Build()
    {
        var from = new Argument<DirectoryInfo>("from") { Description = "a copy of the other machine's folder of results, or of one suite" };
        var suite = new Argument<string?>("suite")
        {
            Description = "the only suite to take; if the folder is that of one suite, the name that it gets here",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var results = CommandOptions.Results();
        var command = new Command("import", "takes finished trials of another machine into the results, after checking every file")
        {
            from, suite, results,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(results).FullName;
            if (ResultsFolder.Problem(folder) is { } problem) throw new ArgumentException(problem);
            var look = TerminalLook.OfOutput();
            var all = TrialImport.Take(parsed.GetRequiredValue(from).FullName, parsed.GetValue(suite), folder);
            foreach (var line in all.SelectMany(Lines).SelectMany(line => Fit.Wrap(line, look.Width, 2))) Console.WriteLine(line);
            if (all.Sum(one => one.Taken) > 0)
                Console.WriteLine("ablation report SUITE writes the report with them; ablation run SUITE trains what is still missing");
            return all.Any(one => one.Refused.Count > 0) ? 1 : 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(ImportedSuite suite) =>
    [
        .. suite.Refused.Select(reason => $"refused: {reason}"),
        $"{suite.Suite}: {suite.Taken} taken, {suite.There} already there, {suite.Refused.Count} refused, {suite.Unfinished} unfinished " +
            "and left",
    ];
}
