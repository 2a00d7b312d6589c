using System.Text;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Shows a pool and writes the same to run.log in the suite's folder, from the first trial on, so that the end of a run that nobody watched
/// can be read in the morning. A log that cannot be written is said once, and the run goes on.
/// </summary>
/// <param name="folder">The suite's folder.</param>
public sealed class LoggedPoolView(IPoolView shown, string folder, TimeProvider time) : IPoolView
{
    /// <summary>The name of the log.</summary>
    public const string FileName = "run.log";

    private PlainPoolView? log;
    private StreamWriter? file;

    public void WriteLine(string line)
    {
        shown.WriteLine(line);
        log?.WriteLine(line);
    }

    public void Doing(string what)
    {
        shown.Doing(what);
        log?.Doing(what);
    }

    public void Begin(string suite, IReadOnlyList<PlannedTrial> trials)
    {
        shown.Begin(suite, trials);
        if (log is null) Open();
        log?.Begin(suite, trials);
    }

    public void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep)
    {
        shown.Start(slot, number, count, trial, id, fromStep);
        log?.Start(slot, number, count, trial, id, fromStep);
    }

    public void Progress(int slot, TrialProgress progress)
    {
        shown.Progress(slot, progress);
        log?.Progress(slot, progress);
    }

    public void End(int slot, TrialResult result, TimeSpan took)
    {
        shown.End(slot, result, took);
        log?.End(slot, result, took);
    }

    public void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next)
    {
        shown.Stopped(slot, trial, reason, message, next);
        log?.Stopped(slot, trial, reason, message, next);
    }

    public void Totals(PoolTotals totals)
    {
        shown.Totals(totals);
        log?.Totals(totals);
    }

    public void Dispose()
    {
        shown.Dispose();
        log?.Dispose();
        file?.Dispose();
    }

    private void Open()
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
            log = new PlainPoolView(file, time, EventForm.Events);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            shown.WriteLine($"{path}: cannot be written ({e.Message}); this run leaves no log");
        }
    }
}
