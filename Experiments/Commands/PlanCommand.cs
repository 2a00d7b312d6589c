using System.CommandLine;
using System.Globalization;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Spectre.Console;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation plan SUITE</c>: checks the suite and says what it would cost; trains nothing.</summary>
public sealed class PlanCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, data, device, threads) = (Shared.SuiteArgument(), Shared.Results(), Shared.Data(), Shared.Device(), Shared.Threads());
        var (seeds, losses) = (Shared.Seeds(), Shared.Losses());
        var command = new Command("plan", "checks a suite and estimates trials and time on this machine") { suite, results, data, device, threads, seeds, losses };
        command.SetAction(parsed =>
        {
            var (read, trials) = Shared.Read(parsed.GetRequiredValue(suite), parsed.GetValue(seeds), parsed.GetValue(losses));
            var place = Shared.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            var store = new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name));
            var plan = SuitePlan.Of(read, trials, store, place, out var problems);
            Console.WriteLine($"{read.Name}: {read.Question}");
            if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 160; // a file has no width to fit into
            AnsiConsole.Write(Table(plan));
            foreach (var problem in problems) Console.WriteLine($"would stop the run: {problem}");
            Console.WriteLine(Total(plan, place));
            return 0;
        });
        return command;
    }

    private static Table Table(IReadOnlyList<PlannedCondition> plan)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("network", "px", "epochs", "trials", "done", "images", "train img/s", "embed img/s", "memory", "time left");
        foreach (var condition in plan)
        {
            table.AddRow(
                Markup.Escape(Labels.Full(condition.Condition.Backbone)), Text(condition.Condition.Resolution), Text(condition.Condition.Training.Epochs), Text(condition.Trials),
                Text(condition.Kept), condition.TrainingImages is { } images ? Text(images) : "n/a",
                Text(Math.Round(condition.Speed.Training)), Text(Math.Round(condition.Speed.Embedding)),
                condition.Memory is { } memory ? $"{Text(memory.Bytes >> 20)} MiB" : "n/a", condition.Remaining is { } left ? Text(left) : "n/a");
        }

        return table;
    }

    private static string Total(IReadOnlyList<PlannedCondition> plan, Harness.TrialPlace place)
    {
        var left = plan.Sum(condition => condition.Trials - condition.Kept);
        var time = plan.All(condition => condition.Remaining is not null)
            ? Text(plan.Aggregate(TimeSpan.Zero, (sum, condition) => sum + condition.Remaining!.Value))
            : "n/a";
        return FormattableString.Invariant($"{left} trials to run, about {time} on {place.Device} with {place.Threads} threads ") +
            "(a few steps measured on random images; decoding left out)";
    }

    private static string Text(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
