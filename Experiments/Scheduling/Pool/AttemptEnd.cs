using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Why an attempt at a trial ended.</summary>
/// <param name="Message">A sentence without a full stop; may be empty.</param>
/// <param name="IsRecorded">Whether the trial's process has written it to attempts.jsonl and, for an error, to failure.json.</param>
public sealed record AttemptEnd(EndReason Reason, string Message, bool IsRecorded)
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

    /// <summary>Classifies the end from what the process left.</summary>
    /// <param name="code">Exit code; on POSIX 128 + the signal that ended the process.</param>
    /// <param name="request">Why the pool ended the process or asked it to stop; null if it did neither.</param>
    /// <param name="result">The stored result; null for none.</param>
    /// <param name="failure">The failure that this attempt left; null for none.</param>
    /// <param name="isKernelOutOfMemory">Whether the kernel killed processes for lack of memory during the attempt.</param>
    public static AttemptEnd Classify(int code, TerminationRequest? request, TrialResult? result, TrialFailure? failure,
        bool isKernelOutOfMemory)
    {
        if (result is not null) return new AttemptEnd(TrialAttempt.Reason(result.Status), "", IsRecorded: code == TrialExit.Finished);
        if (code == TrialExit.Failed && failure is not null)
            return new AttemptEnd(failure.Reason == EndReason.MachineFailed
                ? EndReason.MachineFailed : EndReason.Failed, failure.Error, IsRecorded: true);
        if (request is not null)
            return new AttemptEnd(request.Reason, request.Message, IsRecorded: code == TrialExit.Interrupted
                && request.Reason != EndReason.TimedOut);
        switch (code)
        {
            case TrialExit.StoreUnwritable:
                return new AttemptEnd(EndReason.Interrupted, "its result could not be written", IsRecorded: true);
            case TrialExit.OutOfMemory: return new AttemptEnd(EndReason.OutOfMemory, failure?.Error ?? "", IsRecorded: true);
            case TrialExit.Interrupted: return new AttemptEnd(EndReason.Interrupted, "", IsRecorded: true);
            case TrialExit.TakenByOther: return new AttemptEnd(EndReason.LeaseLost, "another process has it", IsRecorded: true);
            case TrialExit.Usage: return new AttemptEnd(EndReason.Failed, "it could not be started; its log says why", IsRecorded: false);
            case TrialExit.Finished: return new AttemptEnd(EndReason.Crashed, "it ended without a result", IsRecorded: false);
        }

        if (OperatingSystem.IsWindows() || code <= 128 || code > 128 + 64)
            return new AttemptEnd(EndReason.Crashed, $"exit code {code}", IsRecorded: false);
        var signal = code - 128;
        if (signal == 9 && isKernelOutOfMemory)
            return new AttemptEnd(EndReason.OutOfMemory, "the kernel killed it for lack of memory", IsRecorded: false);
        return new AttemptEnd(EndReason.Crashed, $"signal {signal}{(Signals.TryGetValue(signal, out var name) ? $" (SIG{name})" : "")}",
            IsRecorded: false);
    }
}
