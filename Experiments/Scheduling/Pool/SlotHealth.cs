namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>The message about a retired slot, and the trials to repeat.</summary>
internal sealed record SlotProblem(string Message, IReadOnlyList<QueuedTrial> Reopened);

/// <summary>
/// Retires slots of broken devices. A broken device fails every trial within seconds and would exhaust the queue. A slot where three trials
/// failed in a row, while a slot of another device finished one, is retired and its trials are queued again. If all slots fail, the trials
/// are the cause.
/// </summary>
internal static class SlotHealth
{
    private const int Patience = 3;

    /// <summary>Counts the end of a trial in a slot, and retires the slot if it is broken.</summary>
    /// <param name="isGone">False for a process that survives the kill.</param>
    /// <returns>Null if the slot remains in use.</returns>
    public static SlotProblem? After(Slot slot, List<Slot> slots, QueuedTrial trial, NextStepKind next, bool isGone, DateTimeOffset now)
    {
        if (!isGone)
        {
            slot.Retire();
            return new SlotProblem(
                $"{slot.Device.Name}: the process of {trial.Trial.Label}, seed {trial.Trial.Spec.Seed} does not end after it was " +
                $"killed; no more trials start there in this run", []);
        }

        if (next == NextStepKind.Finished) slot.Succeeded = now;
        if (next == NextStepKind.GiveUp) slot.Failed.Add(trial);
        else if (next == NextStepKind.Finished) slot.Failed.Clear();
        if (slot.Failed.Count < Patience
            || !slots.Exists(other => other.Device != slot.Device && !other.IsRetired && other.Succeeded is { } when && when >= slot.Began))
            return null;
        slot.Retire();
        return new SlotProblem(
            $"{slot.Device.Name}: {slot.Failed.Count} trials failed there in a row while others finished elsewhere; no more trials " +
            $"start there in this run, and these are tried again",
            [.. slot.Failed]);
    }
}
