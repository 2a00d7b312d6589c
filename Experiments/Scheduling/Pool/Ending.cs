using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Why an attempt at a trial ended.</summary>
/// <param name="Message">In a sentence without a full stop; may be empty.</param>
/// <param name="IsToldByTrial">Whether the trial's process has put it into attempts.jsonl and, where there is an error,
/// failure.json.</param>
public sealed record Ending(EndReason Reason, string Message, bool IsToldByTrial)
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "HUP",
        [2] = "INT",
        [3] = "QUIT",
        [4] = "ILL",
        [6] = "ABRT",
        [7] = "BUS",
        [8] = "FPE",
        [9] = "KILL",
        [11] = "SEGV",
        [13] = "PIPE",
        [15] = "TERM",
        [24] = "XCPU",
        [25] = "XFSZ",
    };

    /// <summary>From what the process left.</summary>
    /// <param name="code">128 + the signal on POSIX.</param>
    /// <param name="sentence">Why the pool has ended it, or asked it to; null where it did not.</param>
    /// <param name="result">Stored; null where there is none.</param>
    /// <param name="failure">That this attempt left; null where there is none.</param>
    /// <param name="isKernelOutOfMemory">Whether the kernel has ended processes for want of memory while it ran.</param>
    public static Ending Classify(int code, TerminationRequest? sentence, TrialResult? result, TrialFailure? failure,
        bool isKernelOutOfMemory)
    {
        if (result is not null) return new Ending(TrialAttempts.Reason(result.Status), "", IsToldByTrial: code == TrialExit.Finished);
        if (code == TrialExit.Failed && failure is not null)
            return new Ending(failure.Reason == EndReason.MachineFailed
                ? EndReason.MachineFailed : EndReason.Failed, failure.Error, IsToldByTrial: true);
        if (sentence is not null)
            return new Ending(sentence.Reason, sentence.Message, IsToldByTrial: code == TrialExit.Interrupted
                && sentence.Reason != EndReason.TimedOut);
        switch (code)
        {
            case TrialExit.StoreUnwritable:
                return new Ending(EndReason.Interrupted, "its result could not be written", IsToldByTrial: true);
            case TrialExit.OutOfMemory: return new Ending(EndReason.OutOfMemory, failure?.Error ?? "", IsToldByTrial: true);
            case TrialExit.Interrupted: return new Ending(EndReason.Interrupted, "", IsToldByTrial: true);
            case TrialExit.Elsewhere: return new Ending(EndReason.LeaseLost, "another process has it", IsToldByTrial: true);
            case TrialExit.Usage: return new Ending(EndReason.Failed, "it could not be started; its log says why", IsToldByTrial: false);
            case TrialExit.Finished: return new Ending(EndReason.Crashed, "it ended without a result", IsToldByTrial: false);
        }

        if (OperatingSystem.IsWindows() || code <= 128 || code > 128 + 64)
            return new Ending(EndReason.Crashed, $"exit code {code}", IsToldByTrial: false);
        var signal = code - 128;
        if (signal == 9 && isKernelOutOfMemory)
            return new Ending(EndReason.OutOfMemory, "the kernel ended it for want of memory", IsToldByTrial: false);
        return new Ending(EndReason.Crashed, $"signal {signal}{(Signals.TryGetValue(signal, out var name) ? $" (SIG{name})" : "")}",
            IsToldByTrial: false);
    }
}
