using System.CommandLine;
using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Micro;
using Ablation.Experiments.Store;
using static Ablation.Experiments.Commands.GridOptions;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation bench statistics</c>: simulates tables whose truth is known and judges them as reports do.</summary>
internal static class BenchStatistics
{
    public static Command Build()
    {
        var tables = new Option<int>("--tables") { Description = "tables per case", DefaultValueFactory = _ => 6000 };
        var results = CommandOptions.Results();
        var command = new Command("statistics",
            "simulates tables whose truth is known: how often a verdict is false, and what is found; writes micro/statistics.csv below " +
            "--results")
        { tables, results };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var count = Positive("--tables", [parsed.GetValue(tables)], 1)[0];
            var file = Path.Combine(parsed.GetRequiredValue(results).FullName, "micro", "statistics.csv");
            var rows = new List<SimulationRow>();
            foreach (var one in SimulatedCase.Standard)
            {
                rows.Add(new SimulationRow(one, SimulatedTables.Run(one, count, cancel)));
                Console.WriteLine($"[{rows.Count}/{SimulatedCase.Standard.Count}] {one.Scatter}, {one.Losses} losses, {one.Seeds} seeds: " +
                    $"false in {rows[^1].Rates.AnyFalse:0.000} of the tables");
            }

            AtomicFile.Write(file, SimulationCsv.Write(rows));
            Console.WriteLine(file);
            return 0;
        }));
        return command;
    }
}
