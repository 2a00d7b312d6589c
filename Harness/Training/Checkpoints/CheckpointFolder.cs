using System.Diagnostics;
using System.Globalization;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>
/// The checkpoints of one trial: <c>checkpoint-STEP.bin</c>, the two newest. A file is written under a temporary name, flushed, read back
/// and renamed, so a file with the final name is complete.
/// </summary>
/// <param name="folder">Created when needed.</param>
/// <param name="every">Time between two checkpoints.</param>
/// <param name="everySteps">Also writes at each multiple of this many steps; null to use only the time.</param>
/// <param name="commit">Runs an action that renames or deletes, or throws without running it if this process may no longer write. Its own
/// exceptions are passed on; disk errors of the action are not. Null: always runs it.</param>
/// <param name="keep">Whether <see cref="Clear"/> leaves the newest, which has the trained weights.</param>
public sealed class CheckpointFolder(string folder, TimeSpan every, long? everySteps = null, Action<Action>? commit = null,
    bool keep = false)
{
    private const int Kept = 2;
    private readonly Action<Action> commit = commit ?? (action => action());
    private readonly HashSet<string> passedOver = [];
    private readonly Stopwatch sinceAttempt = Stopwatch.StartNew();

    /// <summary>Ignores a checkpoint, and deletes it when a newer one is written.</summary>
    internal void PassOver(string path) => passedOver.Add(path);

    /// <summary>Returns whether a checkpoint is due after <paramref name="step"/>.</summary>
    internal bool IsDue(long step) => sinceAttempt.Elapsed >= every || (everySteps is { } steps && step % steps == 0);

    /// <summary>
    /// Writes a checkpoint. A failure is reported and training continues: a full disk must not end a trial that could finish.
    /// </summary>
    /// <param name="report">Called with a failure.</param>
    /// <returns>Whether it was written.</returns>
    internal bool Save(CheckpointHeader header, IReadOnlyList<NamedTensor> tensors, Action<string> report)
    {
        var name = $"checkpoint-{header.Loop.Step}.bin";
        var temporary = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}.tmp");
        var place = Path.Combine(folder, name);
        Exception? problem;
        try
        {
            problem = Disk(() =>
            {
                Directory.CreateDirectory(folder);
                CheckpointFile.Write(temporary, header, tensors);
            }) ?? Commit(() => PatientFile.Move(temporary, place, overwrite: true));
        }
        finally
        {
            Disk(() => PatientFile.Delete(temporary)); // the name is unique; the file is gone if it was renamed
            sinceAttempt.Restart();
        }

        if (problem is not null)
        {
            report($"{place}: the checkpoint could not be written ({problem.Message}); training continues and tries again when the next " +
                $"one is due");
            return false;
        }

        passedOver.Remove(place);
        Delete(() => [.. Stored().Where(path => !passedOver.Contains(path)).Skip(Kept), .. passedOver, .. Temporary()], report);
        passedOver.RemoveWhere(path => !File.Exists(path));
        return true;
    }

    /// <summary>Finds the newest checkpoint that is intact and fits; null if there is none. Reports those that it skips.</summary>
    /// <param name="mismatch">Returns why a checkpoint cannot be used; null if it can.</param>
    internal Checkpoint? Newest(Func<CheckpointHeader, string?> mismatch, Action<string> report)
    {
        Delete(Temporary, report); // left by a process that was killed while writing
        var problems = new List<string>();
        Checkpoint? found = null;
        foreach (var path in Stored())
        {
            var problem = Try(path, mismatch, out found);
            if (problem is null) break;
            problems.Add($"{path}: {problem}");
            passedOver.Add(path);
        }

        var instead = found is null ? "the training starts from the beginning" : $"{Path.GetFileName(found.Path)} is used instead";
        foreach (var problem in problems) report($"{problem}; {instead}");
        return found;
    }

    /// <summary>
    /// Removes the checkpoints and temporary files; <c>keep</c> leaves the newest checkpoint. Called after the result is stored.
    /// </summary>
    /// <param name="report">Called if something could not be removed; null to ignore it.</param>
    public void Clear(Action<string>? report = null) =>
        Delete(() => [.. Stored().Skip(keep ? 1 : 0), .. Temporary()], report ?? (_ => { }));

    /// <summary>
    /// Returns the step of the newest checkpoint of a folder; null if there is none. Whether it can be read is checked on resume.
    /// </summary>
    public static long? NewestStep(string folder) => StoredIn(folder).Select(file => (long?)file.Step).FirstOrDefault();

    private static string? Try(string path, Func<CheckpointHeader, string?> mismatch, out Checkpoint? found)
    {
        found = null;
        try
        {
            var opened = Checkpoint.Open(path);
            if (mismatch(opened.Header) is { } problem) return problem;
            found = opened;
            return null;
        }
        catch (Exception e) when (e is InvalidDataException || IsDisk(e))
        {
            return e.Message;
        }
    }

    /// <summary>Lists the checkpoints, newest first.</summary>
    private IEnumerable<string> Stored() => StoredIn(folder).Select(file => file.Path);

    private static IEnumerable<(string Path, long Step)> StoredIn(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.GetFiles(folder, "checkpoint-*.bin")
        .Select(path => (Path: path, Step: StepOf(path))).Where(file => file.Step >= 0).OrderByDescending(file => file.Step);

    private string[] Temporary() => Directory.Exists(folder) ? Directory.GetFiles(folder, "checkpoint-*.tmp") : [];

    private static long StepOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path)["checkpoint-".Length..], NumberStyles.None, null, out var step) ? step : -1;

    private void Delete(Func<string[]> choose, Action<string> report)
    {
        if (Commit(() => Array.ForEach(choose(), PatientFile.Delete)) is { } problem)
            report($"{folder}: old checkpoints could not be deleted ({problem.Message}); they are harmless");
    }

    /// <summary>
    /// Runs an action by <c>commit</c>. Returns a disk error of either; throws what <c>commit</c> throws if this process may not write.
    /// </summary>
    private Exception? Commit(Action action) => Disk(() => commit(action));

    private static Exception? Disk(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (IsDisk(e))
        {
            return e;
        }
    }

    private static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;
}
