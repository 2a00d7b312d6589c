using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;

namespace Ablation.Experiments.Commands;

/// <summary>Options of <c>ablation run</c> about its pool of trials.</summary>
internal sealed class PoolFlags
{
    /// <summary>Of a job's share of the machine's memory, above which a trial is ended: before the machine begins to swap.</summary>
    private const double MemoryShare = 0.9;

    private readonly Option<int> jobs = CommandOptions.Jobs();
    private readonly Option<int> threads = CommandOptions.ThreadsPerJob();
    private readonly Option<string?> until =
        new("--until") { Description = "stops at this time of day (07:30) or moment (2026-11-26T07:30); whole comparisons first" };
    private readonly Option<string?> budget = new("--budget")
    {
        Description = "stops after so long (8h, 90m), whatever becomes of the clock; whole comparisons first",
    };

    private readonly Option<string?> timeout =
        new("--trial-timeout") { Description = "longest time of one attempt at a trial (6h); without it there is none" };
    private readonly Option<string> stall = new("--stall")
    {
        Description = "a trial that stands still for so long is ended and tried again",
        DefaultValueFactory = _ => "30m"
    };
    private readonly Option<string?> memory = new("--trial-memory")
    {
        Description =
        "memory of its own that a trial's process may have (12GB); without it nine tenths of the machine's, shared among the jobs"
    };
    private readonly Option<int> attempts =
        new("--max-attempts")
        {
            Description =
            "attempts at a trial that crashes, stands still or fails with an error that may be the machine's, in one run",
            DefaultValueFactory = _ => 2
        };

    public IEnumerable<Option> All => [jobs, threads, until, budget, timeout, stall, memory, attempts];

    public int Jobs(ParseResult parsed) => parsed.GetValue(jobs);

    public int ThreadsPerJob(ParseResult parsed) => parsed.GetValue(threads);

    /// <exception cref="ArgumentException">An option is not understood; names it.</exception>
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
