using System.CommandLine;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Experiments.Tuning;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation report SUITE</c>: writes tables and plots from stored results; needs no data and no device.</summary>
public sealed class ReportCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results) = (new SuiteOptions(), CommandOptions.Results());
        suite.Suite.Arity = ArgumentArity.ZeroOrOne;
        var index = new Option<bool>(
            "--index")
        { Description = "writes only the index page of all suites in the results folder; takes no suite" };
        var strict = new Option<bool>("--strict")
        {
            Description =
            "fails and lists the problems if a number has no finished trial, a trial is missing, or trials are not comparable"
        };
        var compare = new Option<string[]>("--compare")
        {
            Description = $"instead of a report, one page on {ComparedSuites.Description}",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("report", "rewrites tables, plots and the page from the stored results") { results, index,
            strict, compare };
        suite.AddTo(command, ofWhole: true);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(results).FullName;
            var named = parsed.GetValue(suite.Suite);
            if (parsed.GetValue(compare) is { Length: 2 } sides)
            {
                if (named is not null || parsed.GetValue(strict) || parsed.GetValue(index))
                    throw new ArgumentException("--compare names both suites: leave out the suite, --strict and --index");
                return Compare(sides, parsed.GetRequiredValue(results));
            }

            if (parsed.GetValue(index))
            {
                if (named is not null || parsed.GetValue(strict))
                    throw new ArgumentException("--index is for all suites: leave out the suite and --strict");
                Console.WriteLine(ResultsIndex.Write(folder));
                return 0;
            }

            if (named is null) throw new ArgumentException("no suite is named; give one (ablation list), or --index for the index page");
            var (read, _) = suite.Read(parsed).Read(parsed.GetRequiredValue(results));
            var store = new ResultStore(Path.Combine(folder, read.Name));
            if (!store.HasTrials && !TuningPlan.StoreOf(store).HasTrials) throw NeverRan.Problem(named, store.Folder);
            return Write(read, store, folder, parsed.GetValue(strict));
        });
        return command;
    }

    private static int Write(Suite suite, ResultStore store, string results, bool isStrict)
    {
        var summary = Summary.Read(suite, store);
        var held = new HeldFiles();
        Console.WriteLine(SuiteReport.Write(summary, store, held));
        held.Try(() => Console.WriteLine(ResultsIndex.Write(results)));
        held.ThrowIfAny();
        return isStrict && StrictCheck.Problems(summary, store) is { Count: > 0 } problems ? Refuse(suite, problems) : 0;
    }

    private static int Compare(string[] sides, DirectoryInfo results)
    {
        var both = ComparedSuites.Read(sides[0], sides[1], results);
        foreach (var line in ComparisonReport.Lines(both, TerminalLook.OfOutput())) Console.WriteLine(line);
        Console.WriteLine();
        Console.WriteLine(ComparisonReport.Write(both, results.FullName));
        return 0;
    }

    private static int Refuse(Suite suite, IReadOnlyList<string> problems)
    {
        Console.Error.WriteLine($"{suite.Name} is not fit to publish ({problems.Count}):");
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        return 1;
    }
}
