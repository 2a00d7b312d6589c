using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Shows a pool in a terminal: a line per finished trial scrolls above, with one row per running trial and a bar for the suite below. A
/// separate thread draws, at most four times per second.
/// </summary>
public sealed class LivePoolView : IPoolView
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, Running> rows = [];
    private readonly Queue<Func<TerminalLook, IEnumerable<string>>> said = new();
    private readonly LiveBlock block;
    private readonly Func<TerminalLook> look;
    private readonly TimeProvider clock;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread painter;
    private Standing layout = new("", new StandingCounts(0, 0, 0, 0), StandingEnd.Unknown, []);
    private FinishedRow? finished;
    private PoolTotals? totals;
    private string doing = "";
    private bool hasHead;

    /// <param name="look">Asked before each drawing, since the window may change its size.</param>
    public LivePoolView(TextWriter output, Func<TerminalLook> look, TimeProvider clock, bool wrapsAgain = true)
    {
        (this.look, this.clock, block) = (look, clock, new LiveBlock(output, wrapsAgain));
        painter = new Thread(Paint) { IsBackground = true, Name = "pool view" };
        painter.Start();
    }

    public void WriteLine(string line) => Say(at => Fit.Wrap(line, at.Width));

    public void Doing(string what)
    {
        lock (gate) doing = what;
    }

    public void Begin(string suite, IReadOnlyList<PlannedTrial> trials)
    {
        lock (gate)
        {
            layout = layout with
            {
                Name = suite,
                NameWidth = StandingOf.NameWidth(trials),
                HasNetworks = StandingOf.Differ(trials.Select(trial => Labels.Full(trial.Condition.Backbone))),
                HasPixels = StandingOf.Differ(trials.Select(trial => trial.Spec.Resolution)),
            };
            finished = new FinishedRow(layout, trials.Select(trial => trial.Spec.Tests.Count).DefaultIfEmpty(1).Max());
            (totals, hasHead, doing) = (null, false, "starting trials");
        }
    }

    public void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep)
    {
        lock (gate) rows[slot] = new Running(trial, id, fromStep, null);
    }

    public void Progress(int slot, TrialProgress progress)
    {
        lock (gate)
        {
            if (rows.TryGetValue(slot, out var row)) rows[slot] = row with { Progress = progress };
        }
    }

    public void End(int slot, TrialResult result, TimeSpan took)
    {
        lock (gate)
        {
            rows.Remove(slot);
            var row = finished ?? new FinishedRow(layout, result.Spec.Tests.Count);
            var isFirst = !hasHead;
            hasHead = true;
            Say(at => row.Lines(result, Labels.Full(result.Spec.Backbone), took, at).Prepend(row.Head(at)).Skip(isFirst ? 0 : 1));
        }
    }

    public void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next)
    {
        lock (gate)
        {
            rows.Remove(slot);
            var mark = PoolLines.IsFault(reason) ? StateMark.Failed : StateMark.Paused;
            var text = PoolLines.Stopped(trial, reason, message, next);
            Say(at => StateMarks.Wrapped(text, mark, at));
        }
    }

    public void Totals(PoolTotals totals)
    {
        lock (gate) this.totals = totals;
    }

    /// <summary>Writes the last messages and removes the rows.</summary>
    public void Dispose()
    {
        ended.Set();
        painter.Join();
        ended.Dispose();
    }

    private void Say(Func<TerminalLook, IEnumerable<string>> lines)
    {
        lock (gate) said.Enqueue(lines);
    }

    private void Paint()
    {
        for (var isLast = false; !isLast;)
        {
            isLast = ended.Wait(Pace);
            var at = look();
            string[] above, below;
            lock (gate)
            {
                above = [.. said.SelectMany(lines => lines(at))];
                said.Clear();
                below = isLast ? [] : [.. Block(at)];
            }

            if (isLast) block.End(above, at.Width);
            else block.Draw(above, below, at.Width);
        }
    }

    private IEnumerable<string> Block(TerminalLook at)
    {
        var standing = layout with
        {
            Rows = [.. rows.Values.Select(row => StandingOf.Row(row.Trial, row.Id, row.Progress,
                row.Progress is { } progress ? PoolLines.Left(progress, row.FromStep) : null))],
        };
        if (totals is not { } sums) return doing.Length > 0 ? [$"    {doing} ..."] : [];
        return LiveText.Lines(standing with
        {
            Counts = new StandingCounts(sums.Finished, rows.Count, Math.Max(0, sums.Left - rows.Count), sums.Failed),
            End = new StandingEnd(sums.End is { } end ? TimeZoneInfo.ConvertTime(end, clock.LocalTimeZone) : null,
                sums.End is null && sums.Left > 0 ? "end: in a minute" : sums.Ground),
        }, at, clock.GetUtcNow());
    }

    /// <param name="FromStep">Step of the checkpoint that it resumes from.</param>
    private sealed record Running(PlannedTrial Trial, string Id, long FromStep, TrialProgress? Progress);
}
