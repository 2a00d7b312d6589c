using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Shows a pool in a file or a pipe, one line per event. It reports the progress of one slot in turn every ten seconds, and the suite's
/// totals every five minutes.
/// </summary>
public sealed class PlainPoolView(TextWriter output, TimeProvider time) : IPoolView
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TotalsPace = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private readonly Dictionary<int, Row> rows = [];
    private readonly SteadyClock clock = new(time);
    private DateTimeOffset? lastTotals;
    private string totals = "";
    private int? lastSlot; // of the last line

    public void WriteLine(string line) => Write(null, line);

    public void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep)
    {
        lock (gate) rows[slot] = new Row(trial, $"[{number}/{count}]", fromStep, clock.Now, -1);
        Write(slot, PoolLines.Start(number, count, trial, id, fromStep));
    }

    public void Progress(int slot, TrialProgress progress)
    {
        lock (gate)
        {
            if (!rows.TryGetValue(slot, out var row) || progress.Step == row.Step || clock.Now - row.Written < Pace * rows.Count) return;
            rows[slot] = row with { Written = clock.Now, Step = progress.Step };
            var left = PoolLines.Left(progress, row.FromStep) is { } seconds ? $"  left {PlanText.Duration(seconds)}" : "";
            About(slot, row, PoolLines.Progress(progress) + left);
        }
    }

    public void End(int slot, TrialResult result, TimeSpan took) => Free(slot, PoolLines.End(result, took), isNamed: false);

    public void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next) =>
        Free(slot, PoolLines.Stopped(trial, reason, message, next), isNamed: true);

    public void Totals(int finished, int failed, int left, DateTimeOffset? end)
    {
        lock (gate)
        {
            var (now, counts) = (clock.Now, $"{finished} {failed} {left}");
            if (counts == totals || now - (lastTotals ??= now) < TotalsPace) return;
            (lastTotals, totals) = (now, counts);
            Write(null, PoolLines.Totals(finished, failed, left, end, clock.Wall, time.LocalTimeZone));
        }
    }

    public void Dispose() => output.Flush();

    private void Free(int slot, string line, bool isNamed)
    {
        lock (gate)
        {
            if (rows.Remove(slot, out var row) && !isNamed) About(slot, row, line);
            else Write(slot, $"    {line}");
        }
    }

    /// <summary>Writes a line about a trial, with its name only if lines of other slots came between.</summary>
    private void About(int slot, Row row, string line) =>
        Write(slot, lastSlot == slot ? $"    {line}" : $"    {row.Number} {row.Trial.Label}, seed {row.Trial.Spec.Seed}: {line}");

    private void Write(int? slot, string line)
    {
        lock (gate)
        {
            lastSlot = slot;
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

    /// <param name="Written">When a line about it was last written.</param>
    /// <param name="Step">The step that this line showed.</param>
    private sealed record Row(PlannedTrial Trial, string Number, long FromStep, DateTimeOffset Written, long Step);
}
