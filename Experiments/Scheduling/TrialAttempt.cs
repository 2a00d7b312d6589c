using System.Runtime.InteropServices;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// One attempt at a trial in this process: takes the lease, resumes from the checkpoint, stores the result, and returns an exit code.
/// </summary>
/// <param name="holder">Holder of the lease.</param>
/// <param name="print">Writes a line to the log.</param>
/// <param name="endProcess">
/// Ends this process with an exit code, for an attempt that does not react to a stop outside of training; null to wait for it.
/// </param>
public sealed class TrialAttempt(ResultStore store, string id, ProcessSettings settings, TrialPlace place, LeaseHolder holder,
    Action<string> print,
    Action<int>? endProcess = null)
{
    private static readonly string[] OutOfMemory = ["out of memory", "not enough memory", "can't allocate memory", "ALLOC_FAILED"];
    private readonly TrialFiles files = store.Files(id);

    /// <param name="stop">Requests a checkpoint and the end.</param>
    /// <returns>One of <see cref="TrialExit"/>.</returns>
    /// <exception cref="SuiteException">The specification of the trial is missing or of another version.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public int Run(CancellationToken stop)
    {
        if (IsFinished()) return TrialExit.Finished;
        var code = Take(stop);
        if (code == TrialExit.Finished) files.Tidy(); // a second copy that starts now sees the result first
        return code;
    }

    private int Take(CancellationToken stop)
    {
        var stored = files.ReadSpec()
            ?? throw new SuiteException($"{files.Spec}: missing, or of another version; ablation run or ablation submit writes it");
        if (stored.Spec.Id() != id)
            throw new SuiteException(
                $"{files.Spec}: its specification has the id {stored.Spec.Id()}, not {id}: it is of another version; ablation run or " +
                $"ablation submit replaces it");
        using var lease = TrialLease.TryTake(files, holder);
        if (lease is null)
        {
            print($"{id}: another process is running this trial");
            return TrialExit.TakenByOther;
        }

        if (IsFinished()) return TrialExit.Finished; // finished since the check above
        var (split, before) = (MicroBatchSplit.Next(files, stored.Spec), files.ReadAttempts()
            .Count(attempt => attempt.Event == AttemptEvent.Start));
        Note(new Attempt(AttemptEvent.Start, lease.Record.Token, DateTimeOffset.UtcNow, lease.Record.Host, lease.Record.Process, holder.Job,
            split, files.CheckpointStep()));
        print($"{stored.Label}, {Labels.Full(stored.Spec.Backbone)}, {stored.Spec.Resolution} px, seed {stored.Spec.Seed}  ({id})"
            + (split > 1 ? $", micro-batches in {split} pieces" : ""));
        var (reason, code, message) = Attempt(stored, lease, split, before, stop);
        if (reason != EndReason.LeaseLost) NoteEnd(lease, split, reason, code, message);
        // the last line, which a pool shows even if the disk is full
        print(code == TrialExit.StoreUnwritable
            ? message : $"{StatusText.Words(reason.ToString())}{(message.Length > 0 ? $": {message}" : "")}");
        return code;
    }

    private (EndReason Reason, int Code, string Message) Attempt(StoredSpec stored, TrialLease lease, int split, int restarts,
        CancellationToken stop)
    {
        using var watch = new TrialHeartbeat(files.Progress, lease.Record.Token, stored.Spec.Training.Epochs, print);
        using var curve = new CurveWatch(files.Curve, watch);
        using var board = settings.TensorBoard ? new TensorBoardWatch(files.Folder, curve) : null;
        using var soon = new AttemptStop(stop, () => watch.Phase, endProcess is null ? null : () =>
        {
            NoteEnd(lease, split, EndReason.Interrupted, TrialExit.Interrupted, "");
            print(StatusText.Words(nameof(EndReason.Interrupted)));
            lease.Dispose();
            endProcess(TrialExit.Interrupted);
        });
        var checkpoints = new CheckpointFolder(files.Folder, TimeSpan.FromMinutes(settings.CheckpointMinutes), settings.CheckpointSteps,
            lease.Commit, settings.KeepCheckpoint);
        var weights = settings.KeepWeights ? $"{files.Weights}.{lease.Record.Token}.tmp" : null;
        try
        {
            var output = Trial.Run(stored.Spec, stored.Label, place,
                new TrialControl(checkpoints, (ITrialWatch?)board ?? curve, split, stop, restarts, weights), soon.Token);
            soon.Over();
            try
            {
                // none after an incomplete training
                lease.Commit(() => store.Save(output, File.Exists(weights) ? weights : null));
            }
            catch (IOException e)
            {
                return (EndReason.Interrupted, TrialExit.StoreUnwritable, e.Message);
            }

            board?.End(output.Result);
            checkpoints.Clear(watch.Report);
            return (Reason(output.Result.Status), TrialExit.Finished, "");
        }
        catch (WeightsException e)
        {
            return (EndReason.Interrupted, TrialExit.StoreUnwritable, e.Message);
        }
        catch (TrialInterruptedException e)
        {
            return (EndReason.Interrupted, TrialExit.Interrupted, e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (EndReason.Interrupted, TrialExit.Interrupted, "");
        }
        catch (LeaseLostException e)
        {
            return (EndReason.LeaseLost, TrialExit.TakenByOther, e.Message);
        }
        catch (Exception e)
        {
            var reason = Reason(e);
            Note(stored, e, reason, lease);
            return reason == EndReason.OutOfMemory ? (reason, TrialExit.OutOfMemory, FirstLine(e)) : (reason, TrialExit.Failed, e.Message);
        }
    }

    private bool IsFinished()
    {
        if (!store.Has(id)) return false;
        print($"{id}: already has a result");
        return true;
    }

    /// <summary>Stores a failure for reports, and writes it to the log if that is impossible.</summary>
    private void Note(StoredSpec stored, Exception error, EndReason reason, TrialLease lease)
    {
        print(error.ToString());
        try
        {
            lease.Commit(() =>
                store.Save(new TrialFailure(id, stored.Label, stored.Spec.Seed, DateTimeOffset.UtcNow, error.Message, error.ToString(),
                    reason)));
        }
        catch (Exception e) when (e is IOException or LeaseLostException)
        {
            print($"the failure could not be stored: {e.Message}");
        }
    }

    private void NoteEnd(TrialLease lease, int split, EndReason reason, int code, string message) =>
        Note(new Attempt(AttemptEvent.End, lease.Record.Token, DateTimeOffset.UtcNow, lease.Record.Host, lease.Record.Process, holder.Job,
            split,
            Reason: reason, ExitCode: code, Message: message));

    private void Note(Attempt attempt)
    {
        try
        {
            JsonLines.Append(files.Attempts, attempt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            print($"{files.Attempts}: could not be written ({e.Message})");
        }
    }

    /// <summary>
    /// Classifies an error. One caused by the data or the specification recurs in every attempt; any other, such as one of libtorch, may be
    /// the machine's fault and must not count against the trial.
    /// </summary>
    public static EndReason Reason(Exception error) => IsOutOfMemory(error) ? EndReason.OutOfMemory
        : error is AggregateException { InnerException: { } inner } ? Reason(inner)
        : error is DataProblem or ArgumentException or MemoryLimitException or NotSupportedException
        ? EndReason.Failed : EndReason.MachineFailed;

    /// <summary>Returns why an attempt with a result ended.</summary>
    public static EndReason Reason(TrialStatus status) => status switch
    {
        TrialStatus.Diverged => EndReason.Diverged,
        TrialStatus.AtChance => EndReason.AtChance,
        _ => EndReason.Done,
    };

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();

    /// <summary>Whether memory ran out: an exception of .NET, or the message of libtorch or of the GPU's driver.</summary>
    private static bool IsOutOfMemory(Exception e) => e is OutOfMemoryException
        || (e is ExternalException && OutOfMemory.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase)))
        || (e.InnerException is { } inner && IsOutOfMemory(inner));
}
