using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Keeping;

/// <summary>
/// Deletes trials: the result first, so that a deletion that was killed leaves an unfinished trial, never half a finished one. A trial that
/// a process has is left alone, and no link is followed.
/// </summary>
public static class TrialRemoval
{
    private const string Result = "result.json";

    private static readonly EnumerationOptions WithoutLinks =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Returns the bytes of a trial's files, links not followed.</summary>
    public static long Bytes(KeptTrial trial) => new DirectoryInfo(trial.Folder).EnumerateFiles("*", WithoutLinks).Sum(file => file.Length);

    /// <summary>Returns why a trial must not be deleted; null if it may.</summary>
    /// <param name="results">The folder that nothing outside of is touched.</param>
    public static string? Problem(KeptTrial trial, string results)
    {
        var (root, at) = (Path.GetFullPath(results), trial.Folder);
        if (!at.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return $"{at}: not below {root}; name its folder of results with --results";
        for (; at.Length > Path.TrimEndingDirectorySeparator(root).Length; at = Path.GetDirectoryName(at)!)
            if (new DirectoryInfo(at).LinkTarget is { } target)
                return $"{at}: a link to {target}, outside of what is deleted here; name the folder of results there with --results";
        return TrialLease.IsHeld(new TrialFiles(trial.Folder))
            ? $"{trial.Folder}: a process is running this trial; stop it, or delete the trial when it has ended" : null;
    }

    /// <summary>Deletes a trial that has no <see cref="Problem"/>.</summary>
    /// <returns>Why it was not deleted; null if it is gone.</returns>
    public static string? Delete(KeptTrial trial)
    {
        var files = new TrialFiles(trial.Folder);
        try
        {
            using (var lease = TrialLease.TryTake(files, new LeaseHolder()))
            {
                if (lease is null) return $"{files.Folder}: a process has taken this trial";
                lease.Commit(() => PatientFile.Delete(Path.Combine(files.Folder, Result)));
                foreach (var folder in new DirectoryInfo(files.Folder).EnumerateDirectories().ToList())
                {
                    if (folder.LinkTarget is null) PatientFile.DeleteFolder(folder.FullName, recursive: true);
                    else folder.Delete(); // the link alone
                }

                string[] held = [files.Lease, files.LeaseLock, files.Running(lease.Record.Token)];
                foreach (var file in Directory.GetFiles(files.Folder).Except(held)) PatientFile.Delete(file);
            }

            PatientFile.Delete(files.LeaseLock);
            PatientFile.DeleteFolder(files.Folder); // not with what a process that has just begun the trial writes there
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LeaseLostException)
        {
            return $"{files.Folder}: not wholly deleted ({e.Message}); the trial counts as not finished";
        }
    }
}
