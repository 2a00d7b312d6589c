using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Harness.Training;

/// <summary>Observes a trial while it runs; called on the thread that trains.</summary>
public interface ITrialWatch
{
    /// <summary>Called with a line for the log, for example why a checkpoint could not be read and what was done instead.</summary>
    void Report(string line);

    /// <summary>Called when the training begins, or resumes from a checkpoint.</summary>
    /// <param name="step">Optimiser steps done; above 0 from a checkpoint.</param>
    /// <param name="steps">Of the whole training.</param>
    /// <param name="epoch">Epochs done, with a fraction.</param>
    void Start(long step, long steps, double epoch);

    /// <summary>Called after each step of the optimiser.</summary>
    void Step(long step);

    /// <summary>Called at each log point.</summary>
    void LogPoint(HistoryPoint point, long steps);

    /// <summary>Called when a checkpoint was written and read back.</summary>
    void Saved(long step);

    /// <summary>Called when a test was evaluated.</summary>
    void Test(string name);
}
