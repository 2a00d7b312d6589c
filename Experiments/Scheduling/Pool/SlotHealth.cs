namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>A slot that is given up, and the trials that it is to blame for.</summary>
internal sealed record SlotProblem(string Message, IReadOnlyList<QueuedTrial> Reopened);

/// <summary>
/// A device that has gone bad fails every trial in seconds, and would go through the whole queue. So one where three trials failed in a
/// row, while a slot of another device finished one, gets no more, and its trials wait again. Where all slots fail, the trials are to
/// blame.
/// </summary>
internal static class SlotHealth
{
    private const int Patience = 3;

    /// <summary>Counts the end of a trial in a slot, and gives the slot up where it is bad.</summary>
    /// <param name="isGone">False for a process that does not end though it was killed.</param>
    /// <returns>Null while the slot is used on.</returns>
    public static SlotProblem? After(Slot slot, List<Slot> slots, QueuedTrial trial, NextStepKind next, bool isGone, DateTimeOffset now)
    {
        if (!isGone)
        {
            slot.Retire();
            return new SlotProblem(
                $"{slot.Device.Name}: the process of {trial.Trial.Label}, seed {trial.Trial.Spec.Seed} does not end though it was " +
                $"killed; nothing more is started there in this run", []);
        }

        if (next == NextStepKind.Finished) slot.Succeeded = now;
        if (next == NextStepKind.GiveUp) slot.Failed.Add(trial);
        else if (next == NextStepKind.Finished) slot.Failed.Clear();
        if (slot.Failed.Count < Patience
            || !slots.Exists(other => other.Device != slot.Device && !other.IsRetired && other.Succeeded is { } when && when >= slot.Began))
            return null;
        slot.Retire();
        return new SlotProblem(
            $"{slot.Device.Name}: {slot.Failed.Count} trials failed there in a row while others finish elsewhere; nothing more is " +
            $"started there in this run, and they are tried again",
            [.. slot.Failed]);
    }
}
