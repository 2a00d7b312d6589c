using System.CommandLine;
using Ablation.Experiments.Scheduling.Slurm;

namespace Ablation.Experiments.Commands;

/// <summary>Options of <c>submit</c> about what a trial takes of the cluster.</summary>
internal sealed class SubmitOptions
{
    private readonly Option<string?> time =
        new("--time")
        {
            Description =
            "limit of one attempt, as sbatch reads it: 90 (minutes), 8:00:00, 1-12:00:00; a trial that needs longer resumes in the next " +
            "attempt"
        };
    private readonly Option<string?> partition = new("--partition") { Description = "partition, or several with commas" };
    private readonly Option<string?> gpus = new("--gpus") { Description = "GPUs of a trial, which uses one: 1, a100:1; none by default" };
    private readonly Option<int> cpus = new("--cpus") { Description = "cores of a trial, and its threads", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> memory = new("--mem") { Description = "memory of a trial, as sbatch reads it: 8G" };
    private readonly Option<int?> limit =
        new("--limit") { Description = "trials at once, over all arrays of this submission; no limit by default" };
    private readonly Option<string[]> extra =
        new("--sbatch") { Description = "one more option of sbatch: --sbatch=--account=faces; may be repeated" };
    private readonly Option<string[]> setup =
        new("--setup") { Description = "a line of bash before the trial: --setup \"module load cuda\"; may be repeated" };
    private readonly Option<bool> retry = new("--retry-failed") { Description = "also submits trials that failed with an error" };
    private readonly Option<int> attempts =
        new("--max-attempts")
        {
            Description = "attempts without a result after which a trial is left out; interruptions do not count",
            DefaultValueFactory = _ => SlurmOptions.DefaultMaxAttempts
        };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { time, partition, gpus, cpus, memory, limit, extra, setup, retry, attempts })
            command.Options.Add(option);
    }

    public SlurmOptions Read(ParseResult parsed) =>
        new(parsed.GetValue(time), parsed.GetValue(partition), parsed.GetValue(gpus), parsed.GetValue(cpus), parsed.GetValue(memory),
            parsed.GetValue(limit),
        parsed.GetValue(extra), parsed.GetValue(setup), parsed.GetValue(retry), parsed.GetValue(attempts));
}
