using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>
/// Submits the missing trials of a suite to SLURM as job arrays, one trial per member, and returns, so nobody must stay logged in. Every
/// member runs the same <c>ablation trial</c> as on one machine. A last job writes the report when all have ended, successfully or not.
/// </summary>
/// <param name="print">Takes each line for the user.</param>
public sealed class SlurmEngine(SlurmOptions options, Action<string> print) : ITrialEngine
{
    /// <inheritdoc/>
    /// <exception cref="IOException">As above, or a SLURM command is missing or fails. The message names what was already submitted and how
    /// to cancel it.</exception>
    public RunOutcome Run(SuiteWork work, CancellationToken cancel)
    {
        options.Check();
        var files = new SubmissionFiles(work.Store);
        using var turn = files.Turn();
        var pending = Pending(work);
        if (pending.Trials.Count == 0)
        {
            print(pending.InProgress > 0 ? "nothing to submit: every trial without a result waits or runs already" : "nothing to submit");
            return Outcome(pending);
        }

        var chunks = Chunks(pending);
        files.Prepare(pending.Trials, work.Suite);
        var jobs = new List<string>();
        var number = files.NextNumber();
        foreach (var chunk in chunks)
        {
            cancel.ThrowIfCancellationRequested(); // what is already submitted has been printed
            using var section = StopRequests.Section(); // a submitted job must be recorded
            var (list, script) = (SubmissionFiles.List(number), SubmissionFiles.Script(number));
            files.Write(list, ListText(pending, chunk));
            var path = files.Write(script, ScriptText(work, files, chunk, number));
            IReadOnlyList<string> after = chunk.After is { } first ? [jobs[first]] : [];
            jobs.Add(Submit(path, after, jobs, chunks, work.Store));
            Note(work.Store, new SlurmSubmission(DateTimeOffset.UtcNow, jobs[^1], chunk.Count, list, SlurmCommands.Arguments(path, after)));
            print($"job {jobs[^1]}: {chunk.Count} trials of {list}; to cancel them: scancel {jobs[^1]}");
            number++;
        }

        Report(work, files, number - 1, [.. pending.Arrays, .. jobs]);
        print($"output in {files.Logs}; submit again to run what is then missing");
        return Outcome(pending);
    }

    /// <summary>Prints what <see cref="Run"/> would submit and lets sbatch check it, without writing anything.</summary>
    /// <returns>False if sbatch found an error; true also if sbatch is missing.</returns>
    public bool Show(SuiteWork work)
    {
        options.Check();
        var files = new SubmissionFiles(work.Store);
        var pending = Pending(work);
        var number = files.NextNumber();
        var isGood = true;
        foreach (var chunk in Chunks(pending))
        {
            var script = ScriptText(work, files, chunk, number);
            print($"--- {SubmissionFiles.Script(number)}\n{script}--- {SubmissionFiles.List(number)}\n{ListText(pending, chunk)}---");
            isGood &= Test(SubmissionFiles.Script(number), script);
            number++;
        }

        if (pending.Trials.Count > 0)
            print($"--- {SubmissionFiles.Report(number - 1)}, when all of them have ended\n{ReportText(work, files)}---");
        print($"dry run: {pending.Trials.Count} trials would be submitted; nothing was written or submitted");
        return isGood;
    }

    private PendingTrials Pending(SuiteWork work)
    {
        var members = SlurmSubmission.MembersByTrial(work.Store);
        var open = work.Trials.Select(trial => trial.Spec.Id()).Count(id => members.Contains(id) && !work.Store.Has(id));
        // without an earlier submission the queue is irrelevant
        var queue = open > 0 ? SlurmQueue.States() : new QueueAnswer(null);
        if (queue.HasFailed)
            throw new IOException(
                $"{queue.Problem}: it is not known which of {open} trials submitted before still wait, so nothing is submitted; " +
                $"try again when squeue answers");
        if (queue.Problem is { } problem)
            print($"{problem}: it is not known whether {open} trials submitted before still wait; they are submitted again unless they " +
                $"show a sign of life, and of two copies the lease lets one write");
        var pending = PendingTrials.Select(work, members, queue, options, DateTimeOffset.UtcNow);
        print($"{work.Suite.Name}: {work.Trials.Count} trials, {pending.Kept} with a result, {pending.InProgress} waiting or running, " +
            $"{pending.Failed.Count + pending.Exhausted.Count} left out, {pending.Trials.Count} to submit");
        if (pending.Stuck.Count > 0)
            print($"held, and will not start: {string.Join(", ", pending.Stuck)}; scontrol release releases them, scancel " +
                $"cancels them");
        foreach (var trial in pending.Failed)
            print($"left out, it failed: {trial.Label}, seed {trial.Spec.Seed} ({trial.Spec.Id()}); see its failure.json; --retry-failed " +
                $"submits it again");
        foreach (var trial in pending.Exhausted)
            print($"left out, {options.MaxAttempts} or more attempts without a result: {trial.Label}, seed {trial.Spec.Seed} " +
                $"({trial.Spec.Id()}); see its attempts.jsonl; --max-attempts allows more");
        return pending;
    }

    private IReadOnlyList<ArrayChunk> Chunks(PendingTrials pending)
    {
        if (pending.Trials.Count == 0) return [];
        var config = SlurmConfig.Read();
        if (config.Problem is { } problem) print(problem);
        return ArrayChunk.Split(pending.Trials.Count, config.LongestArray, options.Limit);
    }

    private static string ListText(PendingTrials pending, ArrayChunk chunk) =>
        SubmissionFiles.ListText(pending.Trials.Skip(chunk.Start).Take(chunk.Count));

    private string ScriptText(SuiteWork work, SubmissionFiles files, ArrayChunk chunk, int number) =>
        SbatchScript.Trials(work.Suite.Name, files.Logs, chunk, options,
        [.. TrialCommandLine.Program(),
            .. TrialCommandLine.ByList(Path.Combine(work.Store.Folder, SubmissionFiles.List(number)), work.Store, work.Settings)]);

    private string ReportText(SuiteWork work, SubmissionFiles files) => SbatchScript.Report(work.Suite.Name, files.Logs, options,
        [.. TrialCommandLine.Program(), .. TrialCommandLine.Report(files.Suite(work.Suite.Name), work.Store, work.Suite.Seeds)]);

    private static string Submit(string script, IReadOnlyList<string> after, IReadOnlyList<string> jobs, IReadOnlyList<ArrayChunk> chunks,
        ResultStore store)
    {
        try
        {
            return SlurmCommands.Submit(script, after);
        }
        catch (IOException e)
        {
            var before = jobs.Count == 0
                ? "nothing was submitted"
                : $"submitted before it, and left in the queue: job {string.Join(", job ", jobs)}, without a report; the same command " +
                    $"again submits the rest, and scancel {string.Join(' ', jobs)} cancels them";
            throw new IOException(
                $"array {jobs.Count + 1} of {chunks.Count}, {chunks[jobs.Count].Count} trials of {store.Folder}: {e.Message}\n{before}", e);
        }
    }

    private static void Note(ResultStore store, SlurmSubmission submission)
    {
        try
        {
            submission.Append(store);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"job {submission.Job} is submitted, but could not be recorded in {store.Folder} ({e.Message}); scancel " +
                $"{submission.Job} cancels it, otherwise the next submit may submit its trials twice", e);
        }
    }

    private void Report(SuiteWork work, SubmissionFiles files, int number, IReadOnlyList<string> jobs)
    {
        using var section = StopRequests.Section();
        var path = files.Write(SubmissionFiles.Report(number), ReportText(work, files));
        try
        {
            var job = SlurmCommands.Submit(path, jobs);
            Note(work.Store, new SlurmSubmission(DateTimeOffset.UtcNow, job, 0, null, SlurmCommands.Arguments(path, jobs)));
            print($"job {job}: the report, when they have ended");
        }
        catch (IOException e)
        {
            throw new IOException(
                $"the trials are submitted (job {string.Join(", job ", jobs)}), but not the report: {e.Message}\nablation report writes " +
                $"it when they have ended; scancel {string.Join(' ', jobs)} cancels the trials", e);
        }
    }

    private bool Test(string name, string script)
    {
        try
        {
            var answer = SlurmCommands.Test(script);
            print($"sbatch --test-only {name}: {answer.Problem}"); // on success, stderr shows where the job would run
            return answer.Code == 0;
        }
        catch (IOException e)
        {
            print($"not tested: {e.Message}");
            return true;
        }
    }

    private static RunOutcome Outcome(PendingTrials pending) =>
        new(Finished: 0, pending.Kept, Failed: 0, pending.InProgress, Skipped: pending.Failed.Count + pending.Exhausted.Count);
}
