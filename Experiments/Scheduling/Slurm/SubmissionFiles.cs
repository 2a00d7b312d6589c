using System.Text.RegularExpressions;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>What jobs need on the shared file system to run without whoever submitted them.</summary>
/// <param name="store">Of the suite.</param>
internal sealed partial class SubmissionFiles(ResultStore store)
{
    /// <summary>Folder of what the jobs write to their consoles.</summary>
    public string Logs => Path.Combine(store.Folder, "logs");

    /// <summary>The suite as it was submitted: the report is made from it, so that the file itself may be edited meanwhile.</summary>
    public string Suite(string name) => Path.Combine(store.Folder, name + ".jsonc");

    public static string List(int number) => $"pending-{number}.txt";

    public static string Script(int number) => $"submit-{number}.sbatch";

    public static string Report(int number) => $"report-{number}.sbatch";

    /// <summary>A number, from 1, that no file has: the lists of arrays that still wait must not change.</summary>
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

    /// <summary>Each trial's spec.json, the folder of the logs, and the suite.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Prepare(IEnumerable<PlannedTrial> trials, string suiteFile, string name)
    {
        Directory.CreateDirectory(Logs); // SLURM does not, and the job would fail without a word
        AtomicFile.Write(Suite(name), File.ReadAllText(suiteFile));
        foreach (var trial in trials)
            AtomicFile.Write(new TrialFiles(store.TrialFolder(trial.Spec.Id())).Spec,
                SpecJson.Write(new StoredSpec(trial.Label, trial.Spec)) + "\n");
    }

    /// <summary>The right to submit, held until it is disposed: two at once would submit everything twice.</summary>
    /// <exception cref="IOException">Another process has it, or the folder cannot be written.</exception>
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
                $"{path}: could not be taken ({e.Message}); wait where another ablation submit works on this suite, or choose another " +
                $"--results folder", e);
        }
    }

    [GeneratedRegex(@"^(?:pending|submit|report)-([0-9]{1,8})\.(?:txt|sbatch)$")]
    private static partial Regex Numbered();
}
