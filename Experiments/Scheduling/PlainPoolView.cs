using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Shows a pool in a file or a pipe, one line per event, in their order. It reports the progress of each trial at most once a minute, and
/// the suite's totals every five minutes and at the end.
/// </summary>
public sealed class PlainPoolView(TextWriter output, TimeProvider time, EventForm form = EventForm.Mixed) : IPoolView
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TotalsPace = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private readonly Dictionary<int, Row> rows = [];
    private readonly SteadyClock clock = new(time);
    private DateTimeOffset? lastTotals;
    private PoolTotals? totals;

    public void WriteLine(string line)
    {
        if (form == EventForm.Mixed) Put(line);
        else if (line.Length > 0) Write("says", ("text", line));
    }

    private void Put(string line)
    {
        lock (gate)
        {
            try
            {
                output.WriteLine(line);
                output.Flush(); // the file may be followed while it grows
            }
            catch (IOException)
            {
                // a full disk must not stop the trials
            }
        }
    }

    public void Doing(string what) => Write("doing", ("what", what));

    public void Begin(string suite, IReadOnlyList<PlannedTrial> trials) => Write("begin", ("suite", suite), ("trials", trials.Count));

    public void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep)
    {
        lock (gate) rows[slot] = new Row(trial, id, fromStep, clock.Now, -1);
        Write("start", ("trial", id), ("number", $"{number}/{count}"), ("loss", trial.Label), ("seed", trial.Spec.Seed),
            ("network", Labels.Full(trial.Condition.Backbone)), ("px", trial.Spec.Resolution),
            ("from_step", fromStep > 0 ? fromStep : null));
    }

    public void Progress(int slot, TrialProgress progress)
    {
        lock (gate)
        {
            if (!rows.TryGetValue(slot, out var row) || progress.Step == row.Step || clock.Now - row.Written < Pace) return;
            rows[slot] = row with { Written = clock.Now, Step = progress.Step };
            Write("progress", ("loss", row.Trial.Label), ("seed", row.Trial.Spec.Seed),
                ("phase", progress.Phase == TrialPhase.Training ? null : StatusText.Words($"{progress.Phase}")),
                ("step", $"{progress.Step}/{progress.Steps}"), ("loss_value", progress.Loss), ("img_s", Rounded(progress.ImagesPerSecond)),
                ("left_s", Rounded(PoolLines.Left(progress, row.FromStep))));
        }
    }

    public void End(int slot, TrialResult result, TimeSpan took)
    {
        lock (gate)
        {
            rows.Remove(slot);
            var accuracies = PoolLines.Accuracies(result);
            Write(StatusText.Words($"{result.Status}").Replace(' ', '-'), ("loss", result.Label), ("seed", result.Spec.Seed),
                ("accuracy", result.Status != TrialStatus.Done ? null : accuracies.Count == 1 ? accuracies[0].Value
                    : string.Join(", ", accuracies.Select(one => $"{one.Test} {one.Value:0.####}"))),
                ("took_s", Rounded(took.TotalSeconds)), ("trial", result.Id),
                ("note", PoolLines.Notes(result).ToList() is { Count: > 0 } notes ? string.Join("; ", notes) : null));
        }
    }

    public void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next)
    {
        lock (gate)
        {
            var id = rows.Remove(slot, out var row) ? row.Id : null;
            Write(PoolLines.IsFault(reason) ? "failed" : "stopped", ("loss", trial.Label), ("seed", trial.Spec.Seed),
                ("reason", StatusText.Words($"{reason}")), ("text", message.Length > 0 ? message : null),
                ("next", next.Length > 0 ? next : null), ("trial", id));
        }
    }

    public void Totals(PoolTotals totals)
    {
        lock (gate)
        {
            var now = clock.Now;
            var isNews = this.totals is not { } before || (before.Finished, before.Failed, before.Left)
                != (totals.Finished, totals.Failed, totals.Left);
            if (!isNews || (totals.Left > 0 && now - (lastTotals ??= now) < TotalsPace)) return;
            (lastTotals, this.totals) = (now, totals);
            Write("totals", ("done", totals.Finished), ("failed", totals.Failed), ("left", totals.Left), ("end", totals.End),
                ("ground", totals.Ground.Length > 0 ? totals.Ground : null));
        }
    }

    public void Dispose()
    {
        try
        {
            output.Flush();
        }
        catch (IOException)
        {
            // a full disk
        }
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number) : null;

    private void Write(string what, params ReadOnlySpan<(string Key, object? Value)> values) =>
        Put(form == EventForm.Json ? EventLine.Json(clock.Wall, what, values) : EventLine.Of(clock.Wall, what, values));

    /// <param name="Written">When a line about it was last written.</param>
    /// <param name="Step">The step that this line showed.</param>
    private sealed record Row(PlannedTrial Trial, string Id, long FromStep, DateTimeOffset Written, long Step);
}
