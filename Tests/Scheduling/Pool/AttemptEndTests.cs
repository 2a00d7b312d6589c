using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>Exit codes, signals and stored files give a reason; the reason decides what happens next.</summary>
public sealed class AttemptEndTests
{
    private static readonly TrialFailure Failure = new("id", "Npt", 1, DateTimeOffset.UnixEpoch, "no such folder", "");
    private static readonly TerminationRequest Stopped = new(EndReason.Cancelled, "the run was stopped", Softly: true);
    private static readonly TerminationRequest Hung = new(EndReason.TimedOut, "it stood still", Softly: false);

    [TestCase(TrialExit.Failed, EndReason.Failed, "no such folder", true)]
    [TestCase(TrialExit.OutOfMemory, EndReason.OutOfMemory, "no such folder", true)]
    [TestCase(TrialExit.Interrupted, EndReason.Interrupted, "", true)]
    [TestCase(TrialExit.TakenByOther, EndReason.LeaseLost, "another process has it", true)]
    [TestCase(TrialExit.Usage, EndReason.Failed, "it could not be started; its log says why", false)]
    [TestCase(TrialExit.Finished, EndReason.Crashed, "it ended without a result", false)]
    [TestCase(77, EndReason.Crashed, "exit code 77", false)]
    [TestCase(-1073741819, EndReason.Crashed, "exit code -1073741819", false, Description = "an access violation on Windows")]
    public void An_exit_code_gives_the_reason(int code, EndReason reason, string message, bool isTold) =>
        Assert.That(AttemptEnd.Classify(code, null, null, Failure, false), Is.EqualTo(new AttemptEnd(reason, message, isTold)));

    [TestCase(137, "signal 9 (SIGKILL)")]
    [TestCase(139, "signal 11 (SIGSEGV)")]
    [TestCase(134, "signal 6 (SIGABRT)")]
    [TestCase(128 + 64, "signal 64")]
    [TestCase(128 + 65, "exit code 193")]
    [TestCase(128, "exit code 128")]
    [Platform(Exclude = "Win", Reason = "signals are POSIX")]
    public void A_signal_is_a_crash(int code, string message) =>
        Assert.That(AttemptEnd.Classify(code, null, null, null, false), Is.EqualTo(new AttemptEnd(EndReason.Crashed, message, false)));

    [Test]
    [Platform(Exclude = "Win", Reason = "signals are POSIX")]
    public void A_kill_while_the_kernel_was_out_of_memory_counts_as_out_of_memory()
    {
        Assert.That(AttemptEnd.Classify(137, null, null, null, true).Reason, Is.EqualTo(EndReason.OutOfMemory));
        Assert.That(AttemptEnd.Classify(139, null, null, null, true).Reason, Is.EqualTo(EndReason.Crashed));
    }

    [Test]
    public void An_action_of_the_pool_overrides_the_code_and_an_error_overrides_a_request()
    {
        Assert.That(AttemptEnd.Classify(137, Hung, null, null, true),
            Is.EqualTo(new AttemptEnd(EndReason.TimedOut, "it stood still", false)));
        Assert.That(AttemptEnd.Classify(TrialExit.Interrupted, Stopped, null, null, false),
            Is.EqualTo(new AttemptEnd(EndReason.Cancelled, "the run was stopped", true)));
        Assert.That(AttemptEnd.Classify(137, Stopped, null, null, false),
            Is.EqualTo(new AttemptEnd(EndReason.Cancelled, "the run was stopped", false)));
        Assert.That(AttemptEnd.Classify(TrialExit.Failed, Stopped, null, Failure, false).Reason, Is.EqualTo(EndReason.Failed));
    }

    [Test]
    public void A_possible_machine_error_is_not_a_fault_of_the_trial()
    {
        Assert.That(AttemptEnd.Classify(TrialExit.Failed, null, null, Failure with { Reason = EndReason.MachineFailed }, false),
            Is.EqualTo(new AttemptEnd(EndReason.MachineFailed, "no such folder", true)));
        (Exception Error, EndReason Reason)[] errors =
        [
            (new System.Runtime.InteropServices.ExternalException("Unknown scalar type"), EndReason.MachineFailed),
                (new IOException("the server is gone"), EndReason.MachineFailed),
            (new NullReferenceException(), EndReason.MachineFailed),
                (new System.Runtime.InteropServices.ExternalException("CUDA out of memory"), EndReason.OutOfMemory),
                    (new OutOfMemoryException(), EndReason.OutOfMemory),
            (new ArgumentException("k = 50"), EndReason.Failed), (new DataProblem("a.jpg", "cut off", "write it again"), EndReason.Failed),
            (new AggregateException(new ArgumentException("k = 50")), EndReason.Failed),
                (new AggregateException(new IOException("gone")), EndReason.MachineFailed),
        ];
        foreach (var (error, reason) in errors) Assert.That(TrialAttempt.Reason(error), Is.EqualTo(reason), error.ToString());
    }

    [Test]
    public void A_failure_stored_by_an_earlier_attempt_does_not_explain_a_crash() =>
        Assert.That(AttemptEnd.Classify(TrialExit.Failed, null, null, null, false),
            Is.EqualTo(new AttemptEnd(EndReason.Crashed, "exit code 1", false)));

    [TestCase(EndReason.Done, 1, NextStepKind.Finished)]
    [TestCase(EndReason.Diverged, 1, NextStepKind.Finished)]
    [TestCase(EndReason.AtChance, 1, NextStepKind.Finished)]
    [TestCase(EndReason.LeaseLost, 1, NextStepKind.TakenByOther)]
    [TestCase(EndReason.Failed, 1, NextStepKind.GiveUp)]
    [TestCase(EndReason.Cancelled, 1, NextStepKind.ResumeLater)]
    [TestCase(EndReason.Crashed, 1, NextStepKind.Retry)]
    [TestCase(EndReason.Crashed, 2, NextStepKind.GiveUp)]
    [TestCase(EndReason.MachineFailed, 1, NextStepKind.Retry)]
    [TestCase(EndReason.MachineFailed, 2, NextStepKind.GiveUp)]
    [TestCase(EndReason.TimedOut, 1, NextStepKind.Retry)]
    [TestCase(EndReason.TimedOut, 2, NextStepKind.GiveUp)]
    [TestCase(EndReason.Interrupted, 1, NextStepKind.Retry)]
    [TestCase(EndReason.OutOfMemory, 5, NextStepKind.Retry)]
    public void The_reason_decides_what_happens_next(EndReason reason, int ended, NextStepKind kind) =>
    Assert.That(NextStep.After(reason, ended, 2, 1, 64, isStopping: false).Kind, Is.EqualTo(kind));

    [TestCase(EndReason.Crashed)]
    [TestCase(EndReason.Interrupted)]
    [TestCase(EndReason.OutOfMemory)]
    public void A_pool_that_stops_starts_nothing_again(EndReason reason) =>
    Assert.That(NextStep.After(reason, 1, 2, 1, 64, isStopping: true).Kind, Is.EqualTo(NextStepKind.ResumeLater));

    [Test]
    public void A_trial_that_exceeded_its_time_limit_is_not_tried_again() =>
        Assert.That(NextStep.After(EndReason.TimedOut, 1, 2, 1, 64, false, hadItsTime: true).Kind, Is.EqualTo(NextStepKind.GiveUp));

    [TestCase(64, 1, "tried again with micro-batches in 2 pieces")]
    [TestCase(64, 8, "tried again with micro-batches in 16 pieces")]
    [TestCase(64, 16, "given up: a micro-batch of 64 in 16 pieces cannot be cut further")]
    [TestCase(4, 1, "tried again with micro-batches in 2 pieces")]
    [TestCase(3, 1, "given up: a micro-batch of 3 in 1 piece cannot be cut further", Description = "batch statistics of one picture")]
    public void Micro_batches_are_halved_while_pieces_have_two_pictures(int microBatch, int split, string text) =>
        Assert.That(NextStep.After(EndReason.OutOfMemory, 1, 2, split, microBatch, false).Text, Is.EqualTo(text));
}
