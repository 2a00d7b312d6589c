namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>
/// What a Kubernetes Indexed Job needs of a suite: the trials' files, their list, and the manifest, which the user applies.
/// </summary>
/// <param name="suiteFile">Path of the suite.</param>
/// <param name="say">Takes each line for the user.</param>
public sealed class KubernetesSubmission(SlurmOptions options, string suiteFile, Action<string> say)
{
    /// <summary>
    /// The manifest for all trials without a result; empty where there are none. No queue is asked: of two copies of a trial the lease lets
    /// one write.
    /// </summary>
    /// <param name="isWritten">Whether list and trials' files are written; without them the manifest is only to be looked at.</param>
    /// <exception cref="IOException">The suite's folder cannot be written.</exception>
    public string Write(SuiteWork work, bool isWritten)
    {
        var pending = PendingTrials.Select(work, Array.Empty<string>()
            .ToLookup(id => id), new QueueAnswer(null), options, DateTimeOffset.UtcNow);
        say($"{work.Suite.Name}: {work.Trials.Count} trials, {pending.Kept} with a result, {pending.Elsewhere} running, " +
            $"{pending.Failed.Count + pending.Exhausted.Count} left out, {pending.Trials.Count} in the manifest");
        if (pending.Trials.Count == 0) return "";
        var files = new SubmissionFiles(work.Store);
        var list = SubmissionFiles.List(files.NextNumber());
        if (isWritten)
        {
            using var turn = files.Turn();
            list = SubmissionFiles.List(files.NextNumber());
            files.Prepare(pending.Trials, suiteFile, work.Suite.Name);
            files.Write(list, SubmissionFiles.ListText(pending.Trials));
        }

        string[] folders = [work.Store.Folder, work.Settings.Data, .. work.Settings.Cache is { } cache ? [cache] : (string[])[]];
        return KubernetesJob.Manifest(work.Suite.Name, pending.Trials.Count, options, folders,
            [.. TrialCommandLine.Program(), .. TrialCommandLine.ByList(Path.Combine(work.Store.Folder, list), work.Store, work.Settings)]);
    }
}
