using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

public enum NextStepKind
{
    /// <summary>Its result is stored.</summary>
    Finished,

    /// <summary>It goes back into the queue.</summary>
    Retry,

    /// <summary>It does not run again in this run.</summary>
    GiveUp,

    /// <summary>It resumes at the next run.</summary>
    ResumeLater,

    /// <summary>Another process runs it.</summary>
    TakenByOther,
}

/// <summary>What happens with a trial after an attempt.</summary>
/// <param name="Text">Displayed: "tried again", ...</param>
public sealed record NextStep(NextStepKind Kind, string Text)
{
    private const int MostHalvings = 5;

    /// <param name="ended">Attempts in this run that ended for this reason, including this one.</param>
    /// <param name="most">Maximum number of attempts after a crash, a stall or an error that may be the machine's.</param>
    /// <param name="split">Number of pieces of a micro-batch in this attempt.</param>
    /// <param name="microBatch">Pictures in a micro-batch before it is split.</param>
    /// <param name="isStopping">Whether the pool is being stopped.</param>
    /// <param name="hadItsTime">Whether it exceeded its time limit, which another attempt would exceed as well.</param>
    public static NextStep After(EndReason reason, int ended, int most, int split, int microBatch, bool isStopping, bool hadItsTime = false)
    {
        switch (reason)
        {
            case EndReason.Done or EndReason.Diverged or EndReason.AtChance: return new NextStep(NextStepKind.Finished, "");
            case EndReason.LeaseLost: return new NextStep(NextStepKind.TakenByOther, "left to the other process");
            case EndReason.Failed:
            case EndReason.TimedOut when hadItsTime:
                return new NextStep(NextStepKind.GiveUp, "tried again at the next run");
            case EndReason.Cancelled: return new NextStep(NextStepKind.ResumeLater, "resumes at the next run");
            case EndReason.OutOfMemory:
                return !MicroBatchSplit.CanHalve(split, microBatch) || ended > MostHalvings
                    ? new NextStep(NextStepKind.GiveUp,
                        $"given up: a micro-batch of {microBatch} in {split} {(split == 1 ? "piece" : "pieces")} cannot be cut further")
                    : Go($"with micro-batches in {2 * split} pieces");
            case EndReason.Interrupted when isStopping: return new NextStep(NextStepKind.ResumeLater, "resumes at the next run");
            default:
                return ended < most
                    ? Go("from its last checkpoint")
                    : new NextStep(NextStepKind.GiveUp,
                        $"given up after {ended} {(ended == 1 ? "attempt" : "attempts")}; tried again at the next run");
        }

        NextStep Go(string how) =>
            isStopping ? new NextStep(NextStepKind.ResumeLater, $"at the next run {how}")
            : new NextStep(NextStepKind.Retry, $"tried again {how}");
    }
}
