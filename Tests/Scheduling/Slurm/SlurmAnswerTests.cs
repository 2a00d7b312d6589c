using Ablation.Experiments.Scheduling.Slurm;

namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>The output of scontrol and squeue, valid and invalid.</summary>
public sealed class SlurmAnswerTests
{
    private const string Config =
        "Configuration data as of 2026-11-25T07:47:32\nMaxArraySize            = 4001\nMaxJobCount             = " +
        "10000\nSchedulerParameters     = bf_interval=1,max_array_tasks=300,x=1\nSelectType = y\n";

    [Test]
    public void The_longest_array_is_the_smaller_of_both_limits()
    {
        Assert.That(SlurmConfig.Parse(Config), Is.EqualTo(new SlurmConfig(300)));
        Assert.That(SlurmConfig.Parse(Config.Replace("=300", "=5000", StringComparison.Ordinal)), Is.EqualTo(new SlurmConfig(4001)));
        Assert.That(SlurmConfig.Parse(Config.Replace("max_array_tasks=300,", "", StringComparison.Ordinal)),
            Is.EqualTo(new SlurmConfig(4001)));
    }

    [TestCase("")]
    [TestCase("MaxArraySize = (null)\n")]
    [TestCase("OldMaxArraySize = 5\n")]
    public void Without_an_answer_the_default_is_used_with_a_remark(string text)
    {
        var config = SlurmConfig.Parse(text);
        Assert.That(config.LongestArray, Is.EqualTo(1001));
        Assert.That(config.Problem, Does.Contain("1001"));
    }

    [Test]
    public void A_queue_is_read_member_by_member()
    {
        var queue = SlurmQueue.Parse("12_0|RUNNING|None\n12_1|PENDING|Resources\n9|CANCELLED|None\n");
        Assert.That(queue.Members!["12_1"], Is.EqualTo(new QueueMember("PENDING", "Resources")));
        Assert.That((queue.Members!.Count, queue.Problem, queue.HasFailed), Is.EqualTo((3, (string?)null, false)));
        Assert.That(new[] { "12_0", "12_1", "9", "12" }.Select(queue.IsInQueue), Is.EqualTo(new bool?[] { true, true, false, false }));
    }

    [TestCase("PENDING", true)]
    [TestCase("RUNNING", true)]
    [TestCase("COMPLETING", true)]
    [TestCase("REQUEUED", true)]
    [TestCase("A_STATE_OF_TOMORROW", true)]
    [TestCase("COMPLETED", false)]
    [TestCase("CANCELLED", false)]
    [TestCase("FAILED", false)]
    [TestCase("TIMEOUT", false)]
    [TestCase("NODE_FAIL", false)]
    [TestCase("OUT_OF_MEMORY", false)]
    [TestCase("PREEMPTED", false)]
    public void An_unknown_state_counts_as_queued(string state, bool isInQueue) =>
    Assert.That(new QueueMember(state, "None").IsInQueue, Is.EqualTo(isInQueue));

    [TestCase("PENDING", "JobHeldUser", true)]
    [TestCase("PENDING", "(launch failed requeued held)", true)]
    [TestCase("REQUEUE_HOLD", "None", true)]
    [TestCase("PENDING", "Priority", false)]
    [TestCase("CANCELLED", "JobHeldUser", false)]
    public void A_held_member_is_distinguished_from_a_waiting_one(string state, string reason, bool isStuck) =>
    Assert.That(new QueueMember(state, reason).IsStuck, Is.EqualTo(isStuck));

    [Test]
    public void An_empty_or_invalid_answer_means_unknown()
    {
        foreach (var text in new[] { "", "\n" })
        {
            var queue = SlurmQueue.Parse(text);
            Assert.That((queue.Members, queue.HasFailed, queue.IsInQueue("12_0")),
                Is.EqualTo(((IReadOnlyDictionary<string, QueueMember>?)null, false, (bool?)null)));
            Assert.That(queue.Problem, Is.Not.Empty);
        }

        var broken = SlurmQueue.Parse("12_0|RUNNING|None\nslurm is down\n");
        Assert.That((broken.Members, broken.HasFailed), Is.EqualTo(((IReadOnlyDictionary<string, QueueMember>?)null, true)));
        Assert.That(broken.Problem, Does.Contain("slurm is down"));
    }
}
