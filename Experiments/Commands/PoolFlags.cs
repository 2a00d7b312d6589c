using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;

namespace Ablation.Experiments.Commands;

/// <summary>Options of <c>ablation run</c> for its pool of trials.</summary>
internal sealed class PoolFlags
{
    /// <summary>A trial that uses more than this part of its share of memory is ended before the machine swaps.</summary>
    private const double MemoryShare = 0.9;

    private readonly Option<int> jobs = CommandOptions.Jobs();
    private readonly Option<int> threads = CommandOptions.ThreadsPerJob();
    private readonly Option<string?> until =
        new("--until") { Description = "stops at this time of day (07:30) or moment (2026-11-26T07:30); runs complete comparisons first" };
    private readonly Option<string?> budget = new("--budget")
    {
        Description = "stops after this duration (8h, 90m), even if the clock is changed; runs complete comparisons first",
    };

    private readonly Option<string?> timeout =
        new("--trial-timeout") { Description = "time limit of one attempt at a trial (6h); no limit by default" };
    private readonly Option<string> stall = new("--stall")
    {
        Description = "ends and retries a trial that makes no progress for this duration",
        DefaultValueFactory = _ => "30m"
    };
    private readonly Option<string?> memory = new("--trial-memory")
    {
        Description =
        "memory limit of a trial's process (12GB); by default nine tenths of the machine's memory, divided among the jobs"
    };
    private readonly Option<int> attempts =
        new("--max-attempts")
        {
            Description =
            "attempts per run at a trial that crashes, makes no progress or fails with an error that the machine may have caused",
            DefaultValueFactory = _ => 2
        };

    public IEnumerable<Option> All => [jobs, threads, until, budget, timeout, stall, memory, attempts];

    public int Jobs(ParseResult parsed) => parsed.GetValue(jobs);

    public int ThreadsPerJob(ParseResult parsed) => parsed.GetValue(threads);

    /// <exception cref="ArgumentException">An option is not valid; names it.</exception>
    public PoolOptions Options(ParseResult parsed, PoolShape shape, PoolMachine machine, string device)
    {
        if (parsed.GetValue(attempts) < 1) throw new ArgumentException($"--max-attempts {parsed.GetValue(attempts)}: must be 1 or more");
        return new PoolOptions(shape.Jobs,
            PoolDevice.List(device, machine.Gpus, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")),
            Deadline.Parse(parsed.GetValue(until), parsed.GetValue(budget), TimeProvider.System),
            parsed.GetValue(timeout) is { } longest ? Deadline.Budget("--trial-timeout", longest) : null,
            Deadline.Budget("--stall", parsed.GetRequiredValue(stall)),
            parsed.GetValue(memory) is { } bytes
                ? MemorySize.Parse("--trial-memory", bytes) : (long)(MemoryShare * machine.MemoryBytes / shape.Jobs),
            parsed.GetValue(attempts));
    }
}
