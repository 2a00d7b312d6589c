using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Where a pool shows what its slots do. A pool calls it from one thread at a time. A slot goes through Start, any number of Progress, and
/// one of End and Stopped; then it is free until the next Start.
/// </summary>
public interface IPoolView : IDisposable
{
    /// <summary>A line of text, shown once and kept.</summary>
    void WriteLine(string line);

    /// <summary>A trial's process was started.</summary>
    /// <param name="slot">Number of the slot, as in <see cref="PoolSlot"/>.</param>
    /// <param name="number">Place of the trial in the suite, from 1.</param>
    /// <param name="count">Trials of the suite.</param>
    /// <param name="id">Of <paramref name="trial"/>.</param>
    /// <param name="fromStep">Step of the checkpoint that it resumes from; 0 from the start.</param>
    void Start(int slot, int number, int count, PlannedTrial trial, string id, long fromStep);

    /// <summary>What the trial's process last wrote to progress.json. The same record may come again.</summary>
    void Progress(int slot, TrialProgress progress);

    /// <summary>The trial's result is stored.</summary>
    /// <param name="took">Time in this slot: the last attempt alone.</param>
    void End(int slot, TrialResult result, TimeSpan took);

    /// <summary>The trial's process ended, or was ended, without a result.</summary>
    /// <param name="message">What is known of it, in a sentence without a full stop; may be empty.</param>
    /// <param name="next">What happens now: "tried again with half the micro-batch", "given up after 3 attempts", "resumes at the next
    /// run".</param>
    void Stopped(int slot, PlannedTrial trial, EndReason reason, string message, string next);

    /// <summary>Where the suite stands.</summary>
    /// <param name="finished">Trials with a result, those of earlier runs included.</param>
    /// <param name="failed">Trials given up in this run.</param>
    /// <param name="left">Trials that run, or wait and are not skipped.</param>
    /// <param name="end">When the last of them will end; null until something is known.</param>
    void Totals(int finished, int failed, int left, DateTimeOffset? end);
}
