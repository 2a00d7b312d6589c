using System.CommandLine;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation report SUITE</c>: tables and plots from what is stored; needs no data and no device.</summary>
public sealed class ReportCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, seeds) = (CommandOptions.SuiteArgument(), CommandOptions.Results(), CommandOptions.Seeds());
        suite.Arity = ArgumentArity.ZeroOrOne;
        var index = new Option<bool>(
            "--index")
        { Description = "writes only the page over all suites of the results' folder; no suite is named then" };
        var strict = new Option<bool>("--strict")
        {
            Description =
            "fails, with a list, where a number has no finished trial behind it, a trial is missing, or trials do not go together"
        };
        var command = new Command("report", "writes tables, plots and the page again from the stored results") { suite, results, seeds,
            index, strict };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(results).FullName;
            var named = parsed.GetValue(suite);
            if (parsed.GetValue(index))
            {
                if (named is not null || parsed.GetValue(strict))
                    throw new ArgumentException("--index is of all suites: leave out the suite's name and --strict");
                Console.WriteLine(ResultsIndex.Write(folder));
                return 0;
            }

            if (named is null) throw new ArgumentException("no suite is named; give one (ablation list), or --index for the page over all");
            var (read, _) = CommandOptions.Read(named, parsed.GetValue(seeds), null, parsed.GetRequiredValue(results));
            return Write(read, new ResultStore(Path.Combine(folder, read.Name)), folder, parsed.GetValue(strict));
        });
        return command;
    }

    private static int Write(Suite suite, ResultStore store, string results, bool isStrict)
    {
        var summary = Summary.Read(suite, store);
        Console.WriteLine(SuiteReport.Write(summary, store));
        Console.WriteLine(ResultsIndex.Write(results));
        return isStrict && StrictCheck.Problems(summary, store) is { Count: > 0 } problems ? Refuse(suite, problems) : 0;
    }

    private static int Refuse(Suite suite, IReadOnlyList<string> problems)
    {
        Console.Error.WriteLine($"{suite.Name} is not fit to publish ({problems.Count}):");
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        return 1;
    }
}
