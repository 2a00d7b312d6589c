using System.Text.RegularExpressions;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Files that jobs need on the shared file system to run independently of the session that submitted them.</summary>
/// <param name="store">Store of the suite.</param>
internal sealed partial class SubmissionFiles(ResultStore store)
{
    /// <summary>Folder of the jobs' console output.</summary>
    public string Logs => Path.Combine(store.Folder, "logs");

    /// <summary>The submitted copy of the suite, from which the report is made, so that the original may be edited in the
    /// meantime.</summary>
    public string Suite(string name) => RunPart.CopyOf(store, name);

    public static string List(int number) => $"pending-{number}.txt";

    public static string Script(int number) => $"submit-{number}.sbatch";

    public static string Report(int number) => $"report-{number}.sbatch";

    /// <summary>Returns the first unused number, from 1: the lists of waiting arrays must not change.</summary>
    public int NextNumber() => !Directory.Exists(store.Folder) ? 1 : 1 + Directory.EnumerateFiles(store.Folder)
        .Select(path => Numbered().Match(Path.GetFileName(path)))
        .Where(match => match.Success)
        .Select(match => int.Parse(match.Groups[1].Value))
        .DefaultIfEmpty(0).Max();

    /// <exception cref="IOException">The folder cannot be written.</exception>
    public string Write(string name, string text)
    {
        var path = Path.Combine(store.Folder, name);
        AtomicFile.Write(path, text);
        return path;
    }

    public static string ListText(IEnumerable<PlannedTrial> trials) => string.Concat(trials.Select(trial => trial.Spec.Id() + "\n"));

    /// <summary>
    /// Writes each trial's spec.json and the suite, with what it extends, what was set and its sweeps written out, and creates the folder
    /// of the logs.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Prepare(IEnumerable<PlannedTrial> trials, Suite suite)
    {
        Directory.CreateDirectory(Logs); // SLURM does not create it, and the job would fail silently
        AtomicFile.Write(Suite(suite.Name), suite.Source?.Text
            ?? throw new InvalidOperationException($"{suite.Name} was not read from a file, and its report would lack it"));
        foreach (var trial in trials)
            AtomicFile.Write(new TrialFiles(store.TrialFolder(trial.Spec.Id())).Spec,
                SpecJson.Write(new StoredSpec(trial.Label, trial.Spec)) + "\n");
    }

    /// <summary>Takes the lock for submitting, held until disposed: two processes would submit everything twice.</summary>
    /// <exception cref="IOException">Another process holds it, or the folder cannot be written.</exception>
    public IDisposable Turn()
    {
        var path = Path.Combine(store.Folder, "submit.lock");
        try
        {
            Directory.CreateDirectory(store.Folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: could not be locked ({e.Message}); wait until the other ablation submit on this suite ends, or choose another " +
                $"--results folder", e);
        }
    }

    [GeneratedRegex(@"^(?:pending|submit|report)-([0-9]{1,8})\.(?:txt|sbatch)$")]
    private static partial Regex Numbered();
}
