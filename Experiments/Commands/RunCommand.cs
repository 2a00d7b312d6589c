using System.CommandLine;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Batches;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation run SUITE</c>: runs the missing trials, then writes the report.</summary>
public sealed class RunCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, data, device) = (new SuiteOptions(), CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Device());
        var (cache, memory) = (CommandOptions.Cache(), CommandOptions.MemoryLimit());
        var (minutes, steps, keep, board) = (CommandOptions.CheckpointMinutes(), CommandOptions.CheckpointSteps(),
            CommandOptions.KeepCheckpoint(), CommandOptions.TensorBoard());
        var noWeights = CommandOptions.NoWeights();
        var redoDamaged = new Option<bool>("--redo-damaged")
        {
            Description =
            "moves finished trials whose files were changed or cannot be read to the folder 'damaged', and runs them again"
        };
        var flags = new PoolFlags();
        var noReport = new Option<bool>("--no-report") { Description = "trains only; ablation report writes the tables and plots later" };
        var tuneOnly = new Option<bool>("--tune-only")
        {
            Description =
            "for a suite with a tune block: stops once tuning has chosen; submit can run the rest"
        };
        var json = new Option<bool>("--json") { Description = "writes one JSON object per event" };
        var whenDone = new Option<string?>("--when-done")
        {
            Description = "a command for the shell when the run ends; it finds ABLATION_SUITE, ABLATION_RESULT (done, failed or " +
                "interrupted), ABLATION_REPORT and ABLATION_FAILED in its environment",
        };
        var command = new Command("run", "runs the trials of a suite that have no result yet, then writes the report")
        {
            results, data, device, cache, memory, minutes, steps, keep, board, noWeights, noReport, tuneOnly, redoDamaged, json,
            whenDone,
        };
        suite.AddTo(command);
        foreach (var flag in flags.All) command.Options.Add(flag);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var news = new RunNews();
            Action<string> say = parsed.GetValue(json)
                ? line => Console.WriteLine(EventLine.Json(DateTimeOffset.UtcNow, "says", ("text", line))) : Console.WriteLine;
            return WhenDone.After(parsed.GetValue(whenDone), news, () => Run(parsed, cancel, news), say);
        }));
        return command;

        int Run(ParseResult parsed, CancellationToken cancel, RunNews news)
        {
            var choice = suite.Read(parsed);
            var (read, trials) = choice.Read(parsed.GetRequiredValue(results));
            news.Suite = read.Name;
            var preflight = Preflight.At(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device));
            var place = preflight.Place;
            if (parsed.GetValue(memory) is { } limit) place = place with { MemoryLimit = MemorySize.Parse("--memory-limit", limit) };
            var store = new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name));
            using var view = PoolView.OfConsole(store.Folder, parsed.GetValue(json));
            var began = TimeProvider.System.GetTimestamp();
            if (parsed.GetValue(tuneOnly) && read.Tune is null) throw new ArgumentException($"--tune-only: {read.Name} has no tune block");
            var search = read is { Tune: not null, Tuned: null } ? TuningPlan.Build(read) : null;
            if (parsed.GetValue(tuneOnly) && search is null)
            {
                view.WriteLine($"tuning is complete: {Path.Combine(TuningPlan.StoreOf(store).Folder, TuningChoice.FileName)}");
                return 0;
            }

            view.Doing("checking the data, the tests and what is stored");
            var redo = parsed.GetValue(redoDamaged);
            var damaged = DamagedTrials.Settle(trials, store.Knowing(trials), redo, view.WriteLine);
            SharedTrials.Take(trials, store, view.WriteLine);
            var isMissing = search is not null || trials.Any(trial => !store.Has(trial.Spec.Id()));
            var machine = PoolMachine.This();
            var shape = new PoolShape(1, 1);
            using (var opened = new OpenedData(place.Data))
            {
                // checked here, not hours later at the start of a trial
                (preflight with { Place = place }).With(read, trials, store, opened, search is not null).Require();
                if (isMissing)
                    shape = SuitePlan.ShapeOf(read, place, machine, flags.Jobs(parsed), flags.ThreadsPerJob(parsed), opened, out _);
            }

            place = place with { Threads = shape.ThreadsPerJob };
            if (parsed.GetValue(cache) is { } pictures) place = place with { Cache = new PixelCache(pictures.FullName, view.WriteLine) };

            var options = flags.Options(parsed, shape, machine, PoolDevice.Asked(parsed.GetRequiredValue(device), place.Device));
            var settings = new ProcessSettings(place.Data.Folder, options.Devices[0].Device, place.Threads,
                parsed.GetValue(cache)?.FullName, place.MemoryLimit,
                CommandOptions.Minutes(parsed.GetValue(minutes)), parsed.GetValue(keep), parsed.GetValue(board),
                    CommandOptions.Steps(parsed.GetValue(steps)), !parsed.GetValue(noWeights));
            choice.Part().Save(store, read);
            foreach (var line in RunHead.Lines(read, trials, place.Device.ToString(), shape, store, TerminalLook.OfOutput()))
                view.WriteLine(line);
            if (isMissing) FillCache(search?.Validation ?? read, place, view, cancel);
            if (options.Deadline is { Moment: var deadline })
            {
                view.WriteLine($"until {deadline:yyyy-MM-dd HH:mm}: complete comparisons first; skips and lists trials that do not fit");
            }

            if (isMissing && options.Deadline is not null)
            {
                view.Doing("measuring how long trials take");
                SeparateMeasurement.Measure(choice.Name,
                [
                    "--results", parsed.GetRequiredValue(results).FullName, "--data", place.Data.Folder, "--device",
                        parsed.GetRequiredValue(device), "--jobs", $"{shape.Jobs}", "--threads-per-job", $"{shape.ThreadsPerJob}",
                    .. choice.Arguments(),
                ], store.Folder, view.WriteLine, cancel);
            }

            if (search is not null)
            {
                var chosen = new TuningRun(search, store, settings, (some, own) => Engine(search.Validation, some, own), view.WriteLine,
                    redo)
                    .Run(cancel, out var failed);
                if (chosen is null || parsed.GetValue(tuneOnly)) return Report(failed);
                read = read with { Tuned = chosen };
                trials = choice.Trials(read);
                damaged = DamagedTrials.Settle(trials, store.Knowing(trials), redo, view.WriteLine);
                SharedTrials.Take(trials, store, view.WriteLine);
                FillCache(read, place, view, cancel);
            }

            var outcome = Engine(read, trials, store).Run(new SuiteWork(read, trials, store, settings), cancel);
            foreach (var line in Lines(outcome)) view.WriteLine(line);
            news.IsInterrupted = outcome.Interrupted + outcome.Skipped > 0;
            return Report(outcome.Failed);

            // without a deadline nothing is measured: durations come only from finished trials
            LocalPool Engine(Suite what, IReadOnlyList<PlannedTrial> some, ResultStore own)
            {
                var speeds = options.Deadline is null
                    ? null : new TrialSpeeds(SuiteData.OfTrials(what, place.Data), place, SpeedCache.OfUser(false));
                return new LocalPool(options, new ProcessStarter(view.WriteLine),
                    TrialEstimates.Estimate(some, own, place, trial => speeds?.Seconds(trial)), view, StopRequests.Second);
            }

            int Report(int failures)
            {
                (news.Failed, news.IsInterrupted) = (failures, news.IsInterrupted || cancel.IsCancellationRequested);
                if (!parsed.GetValue(noReport))
                {
                    view.Doing("writing the report");
                    var (held, summary) = (new HeldFiles(), Summary.Read(read, store));
                    var page = SuiteReport.Write(summary, store, held);
                    foreach (var line in RunResults.Lines(summary, TimeProvider.System.GetElapsedTime(began), TerminalLook.OfOutput()))
                        view.WriteLine(line);
                    view.WriteLine($"report  {page}");
                    news.Report = page;
                    held.Try(() => ResultsIndex.Write(parsed.GetRequiredValue(results).FullName));
                    held.ThrowIfAny();
                }

                return failures + damaged > 0 ? 1 : 0;
            }
        }
    }

    /// <summary>Decodes the pictures once, so that the processes of the jobs do not wait for the first to do it.</summary>
    private static void FillCache(Suite suite, TrialPlace place, IPoolView view, CancellationToken cancel)
    {
        if (place.Cache is null) return;
        view.Doing("decoding the training pictures once, for all trials");
        foreach (var source in suite.Data) using (place.Cache.Open(source.Open(place.Data), Environment.ProcessorCount, cancel)) { }
    }

    private static IEnumerable<string> Lines(RunOutcome outcome)
    {
        yield return $"{outcome.Finished} finished, {outcome.Kept} already there, {outcome.Failed} failed, {outcome.TakenByOthers} run " +
            $"by another process";
        if (outcome.Interrupted + outcome.Skipped > 0)
            yield return $"{outcome.Interrupted} interrupted, which the next run resumes, and {outcome.Skipped} skipped for lack of time";
    }
}
