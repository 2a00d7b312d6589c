using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Tests.Scheduling;

/// <summary>Records a pool's output, one line per event, and may act when a trial starts.</summary>
internal sealed class RecordingView(Action<PlannedTrial>? onStart = null) : IPoolView
{
    public List<string> Lines { get; } = [];

    public (int Finished, int Failed, int Left) Last { get; private set; }

    public void WriteLine(string line) => Lines.Add(line);

    public void Doing(string what)
    {
    }

    public void Begin(string suite, IReadOnlyList<PlannedTrial> trials)
    {
    }

    public void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep)
    {
        Lines.Add($"start {number}/{count} {trial.Label}{(fromStep > 0 ? $" from {fromStep}" : "")}");
        onStart?.Invoke(trial);
    }

    public void Progress(int slot, TrialProgress progress)
    {
    }

    public void End(int slot, TrialResult result, TimeSpan took) => Lines.Add($"end {result.Label} {result.Status}");

    public void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next) =>
        Lines.Add($"stopped {trial.Label} {reason}: {message}; {next}");

    public void Totals(PoolTotals totals)
    {
        Last = (totals.Finished, totals.Failed, totals.Left);
        if (totals.End is not null) Grounds.Add(totals.Ground);
    }

    /// <summary>What the estimates of the end came from, in order.</summary>
    public List<string> Grounds { get; } = [];

    public void Dispose()
    {
    }
}
