using System.CommandLine;
using Ablation.Experiments.Keeping;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation trials</c>: the trials of all suites, as a table, as JSON, or as one tidy CSV for notebooks.</summary>
public sealed class TrialsCommand : ISubcommand
{
    public Command Build()
    {
        var options = new TrialsOptions();
        var suite = new Argument<string?>("suite")
        {
            Description = "one suite by name, its folder, or a folder of results; all suites of --results if left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "prints every setting and figure as JSON" };
        var csv = new Option<FileInfo?>("--csv") { Description = "writes one line per figure of a trial to this file, with all settings" };
        var figures = new Option<string[]>("--figures")
        {
            Description = "with --csv: only these figures, by name or pattern: --figures \"accuracy (10-fold, grid)\" A1 turn",
            AllowMultipleArgumentsPerToken = true,
        };
        var varied = new Option<bool>("--varied") { Description = "with --csv: only settings that differ between the trials" };
        var command = new Command("trials", "lists trials over all suites, and writes all their figures as CSV or JSON")
        {
            suite, options.Where, options.Results, json, csv, figures, varied,
        };
        command.SetAction(parsed =>
        {
            var trials = options.Read(parsed, parsed.GetValue(suite));
            if (parsed.GetValue(csv) is { } file)
            {
                AtomicFile.Write(file.FullName, TidyCsv.Write(trials, options.Note, parsed.GetValue(figures), parsed.GetValue(varied)));
                if (!parsed.GetValue(json)) Console.WriteLine($"{trials.Count} trials written to {file.FullName}");
            }

            IEnumerable<string> lines = parsed.GetValue(json)
                ? [SpecJson.Write(trials.Select(trial => TrialJson.Of(trial, options.Note)).ToList())]
                : parsed.GetValue(csv) is null ? TrialRows.Lines(trials, TerminalLook.OfOutput()) : [];
            foreach (var line in lines) Console.WriteLine(line);
            return options.HasProblems ? 1 : 0;
        });
        return command;
    }
}
