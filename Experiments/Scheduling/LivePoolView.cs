using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Shows a pool in a terminal: messages scroll above, with one row per slot and a bar for the suite below. A separate thread writes to the
/// terminal, at most four times per second.
/// </summary>
public sealed class LivePoolView : IPoolView
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, Row> rows = [];
    private readonly Queue<string> said = new();
    private readonly IAnsiConsole console;
    private readonly TimeProvider clock;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread painter;
    private (int Finished, int Failed, int Left, DateTimeOffset? End)? totals;

    public LivePoolView(IAnsiConsole console, TimeProvider clock)
    {
        (this.console, this.clock) = (console, clock);
        painter = new Thread(Paint) { IsBackground = true, Name = "pool view" };
        painter.Start();
    }

    public void WriteLine(string line)
    {
        lock (gate) said.Enqueue(line);
    }

    public void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep)
    {
        lock (gate) rows[slot] = new Row(trial, $"{number}/{count}", PoolLines.Start(number, count, trial, id, fromStep), fromStep, null);
    }

    public void Progress(int slot, TrialProgress progress)
    {
        lock (gate)
        {
            if (rows.TryGetValue(slot, out var row)) rows[slot] = row with { Progress = progress };
        }
    }

    public void End(int slot, TrialResult result, TimeSpan took) => Free(slot, PoolLines.End(result, took));

    public void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next) =>
        Free(slot, PoolLines.Stopped(trial, reason, message, next));

    public void Totals(int finished, int failed, int left, DateTimeOffset? end)
    {
        lock (gate) totals = (finished, failed, left, end);
    }

    /// <summary>Writes the last messages and removes the rows.</summary>
    public void Dispose()
    {
        ended.Set();
        painter.Join();
        ended.Dispose();
    }

    /// <summary>Writes start and end of a trial together when it ends, since the rows show what runs.</summary>
    private void Free(int slot, string line)
    {
        lock (gate)
        {
            if (rows.Remove(slot, out var row)) said.Enqueue(row.Begun);
            said.Enqueue($"    {line}");
        }
    }

    private void Paint() => console.Live(new Text("")).AutoClear(true).Start(context =>
    {
        for (var isLast = false; !isLast;)
        {
            isLast = ended.Wait(Pace);
            IRenderable rendered;
            string[] lines;
            lock (gate) (rendered, lines) = (Rows(), [.. Drain()]);
            foreach (var line in lines) console.WriteLine(line);
            context.UpdateTarget(rendered);
        }
    });

    private IEnumerable<string> Drain()
    {
        while (said.TryDequeue(out var line)) yield return line;
    }

    private Rows Rows()
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "", "");
        foreach (var row in rows.Values)
        {
            var (share, left) = row.Progress is { Steps: > 0 } progress
                ? ((double)progress.Step / progress.Steps, PoolLines.Left(progress, row.FromStep)) : (0.0, null);
            table.AddRow(new Text(row.Number), new Text($"{row.Trial.Label}, {row.Trial.Spec.Resolution} px, seed {row.Trial.Spec.Seed}"),
                new Text(Bar(share, 16)),
                new Text(row.Progress is { } shown ? PoolLines.Progress(shown) : "starting"),
                    new Text(left is { } seconds ? $"left {PlanText.Duration(seconds)}" : ""));
        }

        if (totals is not { } sums) return new Rows(table);
        var (done, all) = (sums.Finished + sums.Failed, Math.Max(1, sums.Finished + sums.Failed + sums.Left));
        return new Rows(table,
            new Text($"{Bar((double)done / all, 30)}  " +
                $"{PoolLines.Totals(sums.Finished, sums.Failed, sums.Left, sums.End, clock.GetUtcNow(), clock.LocalTimeZone)}"));
    }

    /// <summary>"#####-----", in characters that every terminal font has.</summary>
    private static string Bar(double share, int width)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return new string('#', full) + new string('-', width - full);
    }

    /// <param name="Begun">The line that reports its start.</param>
    private sealed record Row(PlannedTrial Trial, string Number, string Begun, long FromStep, TrialProgress? Progress);
}
