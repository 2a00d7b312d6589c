using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>
/// Runs the trials of a suite on this machine, one process per trial, several in parallel. One thread checks the slots ten times per
/// second: which processes have ended, which must be ended, and which trials start next. Everything that it needs to resume after a crash
/// is in the trials' folders.
/// </summary>
/// <param name="estimates">How long trials take.</param>
/// <param name="killNow">Kills the running trials without waiting for their checkpoints.</param>
/// <param name="time">Null for the system clock.</param>
public sealed class LocalPool(PoolOptions options, ITrialStarter starter, TrialEstimates estimates, IPoolView view,
    CancellationToken killNow = default, TimeProvider? time = null) : ITrialEngine
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RecheckPace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TotalsPace = TimeSpan.FromSeconds(5);
    private readonly TimeSpan grace = options.Grace ?? PoolOptions.DefaultGrace;
    private readonly Dictionary<(string Id, EndReason Reason), int> ended = []; // attempts of this run
    private readonly StartPause pause = new();
    private readonly SteadyClock clock = new(time ?? TimeProvider.System);
    private (DateTimeOffset? End, string Ground) forecast = (null, "");

    public RunOutcome Run(SuiteWork work, CancellationToken cancel)
    {
        var requests = new TrialRequests(work.Store, clock.Wall);
        var queue = new PoolQueue(work, estimates, options.Jobs, options.Deadline, requests);
        List<Slot> slots = [.. Enumerable.Range(0, options.Jobs)
            .Select(number => new Slot(number, options.Devices[number % options.Devices.Count]))];
        using var section = StopRequests.Section(); // running trials save checkpoints
        view.Begin(work.Suite.Name, work.Trials);
        using var board = new PoolBoard(work.Store, options.Deadline, work.Settings.Threads, clock, view.WriteLine);
        var stopped = new TaskCompletionSource();
        using var onCancel = cancel.Register(() => stopped.TrySetResult());
        DateTimeOffset rechecked = clock.Now, busy = rechecked, reported = default;
        TerminationRequest? stop = null;
        IOException? broken = null;
        try
        {
            while (true)
            {
                var (now, isNews) = (clock.Now, false);
                foreach (var slot in slots.Where(slot => !slot.IsFree))
                {
                    if (slot.Process!.Exit.IsCompleted || slot.IsStuck(now, grace))
                    {
                        var problem = Settle(slot, slots, work, queue, isStopping: stop is not null);
                        (broken, isNews) = (broken ?? problem, true);
                    }
                    else if (slot.Watch(work.Store.Files(slot.Trial!.Id), now, grace, requests))
                    {
                        view.Progress(slot.Number, slot.Progress!);
                    }
                }

                if (stop is null && Stop(broken, cancel) is { } reason)
                {
                    stop = reason;
                    if (slots.Any(slot => !slot.IsFree)) view.WriteLine($"{reason.Message}: running trials save checkpoints and stop");
                    foreach (var slot in slots.Where(slot => !slot.IsFree)) slot.End(reason, now);
                }

                if (killNow.IsCancellationRequested) slots.ForEach(slot => { if (!slot.IsFree) slot.Kill(now); });
                if (stop is null) isNews |= Fill(slots, work, queue, ref broken);
                if (stop is null && slots.TrueForAll(slot => slot.IsRetired))
                    broken ??= new IOException(
                        "no slot is left to start trials in; the lines above say why. Fix the cause and run again");
                if (!slots.TrueForAll(slot => slot.IsFree)) busy = now;
                else if (stop is not null || (broken is null && IsOver(queue, now - busy))) break;
                if (now - rechecked > RecheckPace)
                {
                    rechecked = now;
                    queue.Recheck();
                }

                if (isNews || now - reported > TotalsPace)
                {
                    reported = now;
                    Totals(slots, queue, now);
                }

                board.Write(slots, isNews);
                Task[] awaited = [.. slots.Where(slot => !slot.IsFree).Select(slot => slot.Process!.Exit), .. stop is null
                    ? [stopped.Task] : Array.Empty<Task>()];
                Task.WaitAny(awaited, Tick);
            }
        }
        finally
        {
            EndAll(slots); // after an error in this pool
        }

        Totals(slots, queue, clock.Now);
        var skipped = queue.Skipped();
        if (broken is not null) throw broken;
        cancel.ThrowIfCancellationRequested();
        NoteSkipped(work.Store, skipped);
        return new RunOutcome(queue.Count(QueueStatus.Finished), queue.Count(QueueStatus.Kept), queue.Count(QueueStatus.GivenUp),
            queue.Count(QueueStatus.TakenByOther),
            queue.Count(QueueStatus.Interrupted), skipped.Count);
    }

    private TerminationRequest? Stop(IOException? broken, CancellationToken cancel) =>
        broken is not null ? new TerminationRequest(EndReason.Interrupted, "the results cannot be written", Softly: true)
        : cancel.IsCancellationRequested ? new TerminationRequest(EndReason.Cancelled, "the run was stopped", Softly: true)
        : options.Deadline?.Left <= TimeSpan.Zero ? new TerminationRequest(EndReason.Interrupted, "the deadline has passed", Softly: true)
        : null;

    /// <summary>Whether nothing is left to start, including trials that other processes had.</summary>
    private bool IsOver(PoolQueue queue, TimeSpan idle) => !pause.IsOn(clock.Now)
        && !queue.Recheck() && (!queue.OthersWork() || idle >= (options.Linger ?? PoolOptions.DefaultLinger));

    /// <summary>Starts trials in the free slots.</summary>
    private bool Fill(List<Slot> slots, SuiteWork work, PoolQueue queue, ref IOException? broken)
    {
        var isNews = false;
        foreach (var slot in slots.Where(slot => slot.IsFree && !slot.IsRetired))
        {
            var now = clock.Now;
            if (pause.IsOn(now) || queue.Next(Running(slots, queue, now)) is not { } next) return isNews;
            try
            {
                var files = work.Store.Files(next.Id);
                AtomicFile.Write(files.Spec, SpecJson.Write(new StoredSpec(next.Trial.Label, next.Trial.Spec)) + "\n");
                var (split, step) = (MicroBatchSplit.Next(files, next.Trial.Spec), files.CheckpointStep());
                var earlier = EarlierAttempts.Read(work.Store, next.Id);
                now = clock.Now;
                var process = starter.Start(next.Id, work.Store, work.Settings, slot.Device);
                slot.Begin(next, process, split, new Watchdog(options, now), earlier, now);
                pause.Clear();
                view.Start(slot.Number, next.Number, queue.Total, next.Trial, next.Id, step);
                isNews = true;
            }
            catch (TrialStartException e)
            {
                queue.End(next, NextStepKind.Retry);
                view.WriteLine(e.Message);
                if (!pause.Begin(now)) broken = new IOException(e.Message, e);
                return isNews;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                broken = e as IOException ?? new IOException(e.Message, e);
                queue.End(next, NextStepKind.ResumeLater);
                return isNews;
            }
        }

        return isNews;
    }

    /// <summary>Records how the attempt of a slot ended, and frees the slot.</summary>
    /// <returns>Why the run must end; null to continue.</returns>
    private IOException? Settle(Slot slot, List<Slot> slots, SuiteWork work, PoolQueue queue, bool isStopping)
    {
        var (trial, now, isGone) = (slot.Trial!, clock.Now, slot.Process!.Exit.IsCompleted);
        var (files, peak, request, lastLine, took) = (work.Store.Files(trial.Id), slot.PeakBytes, slot.Request, slot.Process.LastLine,
            now - slot.Started);
        var code = isGone ? slot.Process.Exit.Result : -1;
        slot.Clear(isGone);
        var (result, failure) = (Whole(() => work.Store.Load(trial.Id)), Whole(() => work.Store.LoadFailure(trial.Id)));
        if (failure is not null && slot.Earlier.Has(failure)) failure = null;
        var end = AttemptEnd.Classify(code, request, result, failure, slot.IsKernelOutOfMemory);
        if (end.Reason == EndReason.Crashed && CrashDump.IsDeath(code))
            end = end with { Message = $"{end.Message}; {CrashDump.Describe(files.Folder, slot.Earlier.Dumps)}" };
        var times = ended[(trial.Id, end.Reason)] = ended.GetValueOrDefault((trial.Id, end.Reason)) + 1;
        var next = !isGone
            ? new NextStep(NextStepKind.GiveUp, "not waited for; tried again at the next run")
            : NextStep.After(end.Reason, times, options.MaxAttempts, slot.Split, MicroBatchSplit.MicroBatch(trial.Trial.Spec), isStopping
                || code == TrialExit.StoreUnwritable,
            hadItsTime: request is { Reason: EndReason.TimedOut, Softly: true });
        if (!end.IsRecorded && !TrialLease.IsHeld(files))
            AttemptRecord.WriteEnd(work.Store, trial, end, slot.Earlier, code, peak, view.WriteLine);
        queue.End(trial, next.Kind, result is { Status: TrialStatus.Done } ? result.Provenance.Seconds : null);
        if (result is not null) view.End(slot.Number, result, took);
        else view.Stopped(slot.Number, trial.Trial, end.Reason, end.Message, next.Text);
        if (SlotHealth.After(slot, slots, trial, next.Kind, isGone, now) is { } problem)
        {
            view.WriteLine(problem.Message);
            queue.Reopen(problem.Reopened);
        }

        return code == TrialExit.StoreUnwritable && result is null
            ? new IOException(lastLine ?? $"{files.Folder}: the result could not be written") : null;

        T? Whole<T>(Func<T?> load) where T : class
        {
            try
            {
                return load();
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                view.WriteLine(e.Message);
                return null;
            }
        }
    }

    /// <summary>Asks all running trials to stop, and kills those that do not stop in time.</summary>
    private void EndAll(List<Slot> slots)
    {
        var running = slots.Where(slot => !slot.IsFree).ToList();
        if (running.Count == 0) return;
        running.ForEach(slot => slot.Process!.RequestStop());
        Task.WaitAll([.. running.Select(slot => slot.Process!.Exit)], grace);
        foreach (var slot in running)
        {
            slot.Kill(clock.Now);
            slot.Clear();
        }
    }

    private void NoteSkipped(ResultStore store, IReadOnlyList<SkippedTrial> skipped)
    {
        try
        {
            if (options.Deadline is { Moment: var deadline }) new SkippedTrials(clock.Wall, deadline, skipped).Save(store);
            else SkippedTrials.Remove(store);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            view.WriteLine($"could not record the skipped trials: {e.Message}");
        }
    }

    private void Totals(List<Slot> slots, PoolQueue queue, DateTimeOffset now)
    {
        var end = RunForecast.Find(slots, queue, Running(slots, queue, now), now);
        if (end is not null || slots.TrueForAll(slot => slot.IsFree))
            forecast = end is { } known ? (clock.Wall.AddSeconds(known.Seconds), known.Ground) : (null, "");
        view.Totals(new PoolTotals(queue.Count(QueueStatus.Kept) + queue.Count(QueueStatus.Finished), queue.Count(QueueStatus.GivenUp),
            queue.Count(QueueStatus.Waiting) + queue.Count(QueueStatus.Running), forecast.End, forecast.Ground));
    }

    private static Dictionary<string, double?> Running(List<Slot> slots, PoolQueue queue, DateTimeOffset now) =>
        slots.Where(slot => !slot.IsFree)
        .ToDictionary(slot => slot.Trial!.Id, slot => slot.SecondsLeft(now, queue.Seconds(slot.Trial!.Trial)));
}
