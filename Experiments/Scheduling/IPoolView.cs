using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Displays what the slots of a pool do. A pool calls it from one thread at a time. A slot receives Start, any number of Progress, and one
/// of End and Stopped; then it is free until the next Start.
/// </summary>
public interface IPoolView : IDisposable
{
    /// <summary>Shows a line of text permanently.</summary>
    void WriteLine(string line);

    /// <summary>Shows what happens before the first trial, such as "checking the data"; it goes when something else is shown.</summary>
    void Doing(string what);

    /// <summary>Called once before the first trial of a suite starts, with all its trials, finished ones included.</summary>
    void Begin(string suite, IReadOnlyList<PlannedTrial> trials);

    /// <summary>Called when a trial's process was started.</summary>
    /// <param name="slot">Number of the slot, as in <see cref="PoolSlot"/>.</param>
    /// <param name="number">Position of the trial in the suite, from 1.</param>
    /// <param name="count">Trials of the suite.</param>
    /// <param name="id">Of <paramref name="trial"/>.</param>
    /// <param name="fromStep">Step of the checkpoint that it resumes from; 0 if it starts at the beginning.</param>
    void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep);

    /// <summary>Called with what the trial's process last wrote to progress.json; the same record may come more than once.</summary>
    void Progress(int slot, TrialProgress progress);

    /// <summary>Called when the trial's result is stored.</summary>
    /// <param name="took">Time in this slot, of the last attempt only.</param>
    void End(int slot, TrialResult result, TimeSpan took);

    /// <summary>Called when the trial's process ended, or was ended, without a result.</summary>
    /// <param name="message">The cause as a sentence without a full stop; may be empty.</param>
    /// <param name="next">What happens next: "tried again with half the micro-batch", "given up after 3 attempts", "resumes at the next
    /// run".</param>
    void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next);

    /// <summary>Called with the totals of the suite, and again when the run ends.</summary>
    void Totals(PoolTotals totals);
}

/// <summary>Totals of a run.</summary>
/// <param name="Finished">Trials with a result, including earlier runs.</param>
/// <param name="Failed">Trials given up in this run.</param>
/// <param name="Left">Trials that run or wait, without skipped ones.</param>
/// <param name="End">When the last of them will end; null until it can be estimated.</param>
/// <param name="Ground">What the estimate is made from, as in <see cref="StandingEnd"/>.</param>
public sealed record PoolTotals(int Finished, int Failed, int Left, DateTimeOffset? End = null, string Ground = "");
