using System.CommandLine;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness.Data;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation run SUITE</c>: runs what is missing, then writes the report.</summary>
public sealed class RunCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, data, device, threads) = (Shared.SuiteArgument(), Shared.Results(), Shared.Data(), Shared.Device(), Shared.Threads());
        var (seeds, losses) = (Shared.Seeds(), Shared.Losses());
        var (cache, memory) = (Shared.Cache(), Shared.MemoryLimit());
        var noReport = new Option<bool>("--no-report") { Description = "trains only; ablation report writes the tables and plots later" };
        var command = new Command("run", "runs the trials of a suite that have no result yet, then writes the report")
        {
            suite, results, data, device, threads, cache, memory, seeds, losses, noReport,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var (read, trials) = Shared.Read(parsed.GetRequiredValue(suite), parsed.GetValue(seeds), parsed.GetValue(losses));
            var place = Shared.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            var store = new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name));
            // before hours of training, not at the start of each trial
            if (trials.Any(trial => !store.Has(trial.Spec.Id())) && read.DataProblems(place.Data) is { Count: > 0 } problems)
                throw new SuiteException(string.Join("\n", problems));
            if (parsed.GetValue(memory) is { } limit) place = place with { MemoryLimit = MemorySize.Parse("--memory-limit", limit) };
            var view = new ConsoleView(Console.Out, !Console.IsOutputRedirected);
            if (parsed.GetValue(cache) is { } pictures) place = place with { Cache = new PixelCache(pictures.FullName, view.Say) };
            if (MemoryPlan.Problems(read, trials, store, place) is { Count: > 0 } large) throw new SuiteException(string.Join("\n", large));
            view.Say($"{read.Name}: {read.Question}");
            view.Say($"{trials.Count} trials on {place.Device}, {place.Threads} threads; results in {store.Folder}");
            var outcome = SuiteRunner.Run(trials, store, place, view, cancel);
            view.Say($"{outcome.Finished} finished, {outcome.Kept} already there, {outcome.Failed} failed, {outcome.Elsewhere} run by another process");
            if (!parsed.GetValue(noReport)) view.Say($"report: {SuiteReport.Write(read, store)}");
            return outcome.Failed > 0 ? 1 : 0;
        }, cancel));
        return command;
    }
}
