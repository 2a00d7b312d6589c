using System.CommandLine;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation report SUITE</c>: tables and plots from what is stored; needs no data and no device.</summary>
public sealed class ReportCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, seeds) = (Shared.SuiteArgument(), Shared.Results(), Shared.Seeds());
        var command = new Command("report", "writes tables, plots and the page again from the stored results") { suite, results, seeds };
        command.SetAction(parsed =>
        {
            var (read, _) = Shared.Read(parsed.GetRequiredValue(suite), parsed.GetValue(seeds), null, parsed.GetRequiredValue(results));
            Console.WriteLine(SuiteReport.Write(read, new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name))));
            return 0;
        });
        return command;
    }
}
