
namespace Ablation.Experiments.Scheduling;

/// <summary>Describes the totals of a plan in words.</summary>
public static class PlanText
{
    /// <summary>Returns one line each for trials and time, memory and disk, then the remarks.</summary>
    /// <param name="now">When the run would begin, in the time zone in which its end is shown.</param>
    public static IReadOnlyList<string> Lines(SuitePlan plan, string device, DateTimeOffset now)
    {
        var left = plan.Rows.Sum(row => row.Trials - row.Kept);
        var jobs = $"{plan.Shape.Jobs} {(plan.Shape.Jobs == 1 ? "job" : "jobs")} x " +
            $"{plan.Shape.ThreadsPerJob} {(plan.Shape.ThreadsPerJob == 1 ? "thread" : "threads")}";
        var time = plan.Seconds is { } seconds
            ? $"about {Digits.Time(seconds)} on {device} with {jobs}, done {now.AddSeconds(seconds):yyyy-MM-dd HH:mm} if started now"
            : $"time n/a on {device} with {jobs}";
        return
        [
            $"{left} {(left == 1 ? "trial" : "trials")} to run, {time}",
            plan.Memory is { } memory
                ? $"memory: up to {memory} per job, {(plan.Shape.Jobs * memory.Bytes) >> 20} MiB in all" : "memory: n/a",
            plan.Disk is { } disk
                ? $"disk: about {Bytes(disk.Results)} of results, {Bytes(disk.Checkpoints)} of checkpoints while it runs" : "disk: n/a",
            .. plan.Remarks,
        ];
    }

    /// <summary>"900 KB", "12 MB", "3.4 GB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000_000 => $"{bytes / 1e3:F0} KB",
        < 1_000_000_000 => $"{bytes / 1e6:F0} MB",
        _ => $"{bytes / 1e9:F1} GB",
    };
}
