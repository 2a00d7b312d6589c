using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Experiments.Tuning;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation plan SUITE</c>: checks the suite and estimates its cost without training. Exits with 2 if <c>run</c> would stop before its
/// first trial.
/// </summary>
public sealed class PlanCommand : ISubcommand
{
    private const int WouldStop = 2; // the exit code of run for this

    public Command Build()
    {
        var (suite, results, data, device) = (new SuiteOptions(), CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Device());
        var (jobs, threads) = (CommandOptions.Jobs(), CommandOptions.ThreadsPerJob());
        var memory = CommandOptions.MemoryLimit();
        var fresh = new Option<bool>("--fresh") { Description = "measures speeds again instead of using those of an earlier plan" };
        var command = new Command("plan", "checks a suite and estimates trials, time, memory and disk on this machine") { results, data,
            device, jobs, threads, memory, fresh };
        suite.AddTo(command);
        command.SetAction(parsed =>
        {
            var look = TerminalLook.OfOutput();
            var choice = suite.Read(parsed);
            var (read, trials) = choice.Read(parsed.GetRequiredValue(results));
            var preflight = Preflight.At(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device));
            var place = preflight.Place;
            if (parsed.GetValue(memory) is { } limit) place = place with { MemoryLimit = MemorySize.Parse("--memory-limit", limit) };
            using var opened = new OpenedData(place.Data);
            var store = new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name)).Knowing(trials);
            var search = read is { Tune: not null, Tuned: null } ? TuningPlan.Build(read) : null;
            preflight = (preflight with { Place = place }).With(read, trials, store, opened, search is not null);
            Report(); // before measuring
            var code = preflight.Problems.Count > 0 ? WouldStop : 0;
            // a run that cannot start has no duration; if only data are missing, the estimate is for a machine that has them
            if (preflight.IsDeviceMissing || (code != 0 && SuiteCheck.NotChecked(trials, opened).Count == 0)) return code;
            if (search is not null)
            {
                read = read with { Tuned = TuningDecision.StandIn(search) }; // every setting takes the same time
                trials = choice.Trials(read);
            }

            // those finished in another suite are copied, which takes no time worth a plan
            var shared = SharedTrials.Find(trials, store);
            var own = trials.Where(trial => !shared.Any(one => ReferenceEquals(one.Plan, trial))).ToList();
            foreach (var line in SharedTrials.Foreseen(shared).SelectMany(line => Fit.Wrap(line, look.Width, 2))) Console.WriteLine(line);
            if (own.Count == 0 && search is null) return code;
            if (own.Count > 0) trials = own;
            var shape = SuitePlan.ShapeOf(read, place, PoolMachine.This(), parsed.GetValue(jobs), parsed.GetValue(threads), opened,
                out var largest);
            var plan = SuitePlan.Build(read, trials, store, place, shape, largest, SpeedCache.OfUser(parsed.GetValue(fresh)), opened);
            if (search is not null)
            {
                var tuning = SuitePlan.Build(search.Validation, search.StandIns(), TuningPlan.StoreOf(store), place, shape, largest,
                    SpeedCache.OfUser(parsed.GetValue(fresh)), opened);
                Write($"{read.Name}, tuning: {search.Tune.Trials} configurations per loss; later rounds are estimated with the first " +
                    $"of them, as the best are not known yet", tuning);
                Console.WriteLine();
            }

            Write($"{read.Name}: {read.Question}", plan);
            var left = plan.Rows.Sum(row => row.Trials - row.Kept);
            if (code == 0 && left > 0 && look.IsTerminal) Console.WriteLine($"Begin: {StatusCommand.Run(choice)}");
            if (look.IsTerminal) Report(); // last on the screen too
            return code;

            void Report()
            {
                foreach (var line in preflight.Problems.SelectMany(problem => Fit.Wrap($"would stop the run: {problem}", look.Width, 2)))
                    Console.WriteLine(line);
            }

            void Write(string title, SuitePlan part)
            {
                foreach (var line in PlanTable.Lines(title, part, place.Device.ToString(), DateTimeOffset.Now, look))
                    Console.WriteLine(line);
            }
        });
        return command;
    }
}
