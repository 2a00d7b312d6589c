namespace Ablation.Harness.Training;

/// <summary>What a trial tells while it runs, on the thread that trains.</summary>
public interface ITrialWatch
{
    /// <summary>Something to know, for example a checkpoint that could not be read and what was done instead.</summary>
    void Say(string line);

    /// <summary>The training begins, or goes on from a checkpoint.</summary>
    /// <param name="step">Optimiser steps done; above 0 from a checkpoint.</param>
    /// <param name="steps">In all.</param>
    /// <param name="epoch">Epochs done, with a fraction.</param>
    void Start(long step, long steps, double epoch);

    /// <summary>After each step of the optimiser.</summary>
    void Step(long step);

    /// <summary>At each look at the loss.</summary>
    void Look(HistoryPoint point, long steps);

    /// <summary>A checkpoint is on the disk and proven readable.</summary>
    void Saved(long step);

    /// <summary>A test has been evaluated.</summary>
    void Test(string name);
}

/// <summary>Passes on what is said and the looks at the loss, and nothing else.</summary>
/// <param name="say">Null where nobody listens.</param>
public sealed class LookWatch(Action<HistoryPoint, long> look, Action<string>? say = null) : ITrialWatch
{
    public void Say(string line) => say?.Invoke(line);

    public void Start(long step, long steps, double epoch)
    {
    }

    public void Step(long step)
    {
    }

    public void Look(HistoryPoint point, long steps) => look(point, steps);

    public void Saved(long step)
    {
    }

    public void Test(string name)
    {
    }
}
