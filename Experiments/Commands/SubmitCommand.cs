using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Slurm;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation submit SUITE --slurm</c>: submits the missing trials to a cluster and returns.</summary>
public sealed class SubmitCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, data) = (new SuiteOptions(), CommandOptions.Results(), CommandOptions.Data());
        var (cache, memoryLimit, resources) = (CommandOptions.Cache(), CommandOptions.MemoryLimit(), new SubmitOptions());
        var device = new Option<string?>("--device")
        {
            Description =
            "device of a trial: cpu, cuda, cuda:N, mps or auto; by default cuda with --gpus, otherwise cpu"
        };
        var (checkpoint, steps, keep, board) = (CommandOptions.CheckpointMinutes(), CommandOptions.CheckpointSteps(),
            CommandOptions.KeepCheckpoint(), CommandOptions.TensorBoard());
        var noWeights = CommandOptions.NoWeights();
        var slurm = new Option<bool>(
            "--slurm")
        { Description = "submits job arrays with sbatch; run it again to submit what is still missing" };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description =
            "shows scripts and lists and lets sbatch check them; writes and submits nothing"
        };
        var command = new Command("submit", "submits the trials of a suite that have no result yet to a cluster")
        {
            slurm, dryRun, results, data, device, cache, memoryLimit, checkpoint, steps, keep, board, noWeights,
        };
        suite.AddTo(command);
        resources.AddTo(command);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            if (!parsed.GetValue(slurm)) throw new ArgumentException("submit: name the queue with --slurm");
            var options = resources.Read(parsed);
            options.Check();
            var choice = suite.Read(parsed);
            var (read, trials) = choice.Read(parsed.GetRequiredValue(results));
            if (read is { Tune: not null, Tuned: null })
                throw new SuiteException(
                    $"submit: {read.Name} has a tune block, and its later trials depend on the choice; run ablation run {read.Name} " +
                    $"--tune-only first, then submit the rest");
            var store = new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name)).Knowing(trials);
            var folder = parsed.GetRequiredValue(data).FullName;
            var limit = parsed.GetValue(memoryLimit) is { } text ? MemorySize.Parse("--memory-limit", text) : (long?)null;
            // checked before days in a queue, not at the start of each trial; the device is on another machine
            using (var opened = new OpenedData(new DataRoot(folder)))
                Preflight.At(parsed.GetRequiredValue(data), "cpu").With(read, trials, store, opened, tunes: false).Require();
            var settings = new ProcessSettings(folder, Device(parsed.GetValue(device), options), options.Cpus,
                parsed.GetValue(cache)?.FullName, limit,
                CommandOptions.Minutes(parsed.GetValue(checkpoint)), parsed.GetValue(keep), parsed.GetValue(board),
                    CommandOptions.Steps(parsed.GetValue(steps)), !parsed.GetValue(noWeights));
            var work = new SuiteWork(read, trials, store, settings);
            var engine = new SlurmEngine(options, Console.WriteLine);
            if (parsed.GetValue(dryRun)) return engine.Show(work) ? 0 : 1;
            SharedTrials.Take(trials, store, Console.WriteLine);
            choice.Part().Save(store, read);
            engine.Run(work, cancel);
            return 0;
        }));
        return command;
    }

    /// <summary>Checks only the form of the device's name: this machine may not have it.</summary>
    private static string Device(string? given, SlurmOptions options)
    {
        var device = given ?? (options.Gpus is null ? "cpu" : "cuda");
        return device is "cpu" or "cuda" or "mps" or "auto"
            || (device.StartsWith("cuda:", StringComparison.Ordinal) && device.Length > 5 && device[5..].All(char.IsAsciiDigit))
            ? device
            : throw new ArgumentException($"--device {device}: not known; use auto, cpu, cuda, cuda:N or mps");
    }
}

/// <summary>Options of <c>submit</c> for the cluster resources of a trial.</summary>
internal sealed class SubmitOptions
{
    private readonly Option<string?> time =
        new("--time")
        {
            Description =
            "time limit of one attempt, in sbatch's format: 90 (minutes), 8:00:00, 1-12:00:00; a longer trial resumes in the next attempt"
        };
    private readonly Option<string?> partition = new("--partition") { Description = "partition, or several separated by commas" };
    private readonly Option<string?> gpus = new("--gpus") { Description = "GPUs per trial, which uses one: 1, a100:1; none by default" };
    private readonly Option<int> cpus = new("--cpus") { Description = "cores and threads per trial", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> memory = new("--mem") { Description = "memory per trial, in sbatch's format: 8G" };
    private readonly Option<int?> limit =
        new("--limit") { Description = "trials at once over all arrays of this submission; no limit by default" };
    private readonly Option<string[]> extra =
        new("--sbatch") { Description = "an option for sbatch: --sbatch=--account=faces; may be repeated" };
    private readonly Option<string[]> setup =
        new("--setup") { Description = "a line of bash to run before the trial: --setup \"module load cuda\"; may be repeated" };
    private readonly Option<bool> retry = new("--retry-failed") { Description = "also submits trials that failed with an error" };
    private readonly Option<int> attempts =
        new("--max-attempts")
        {
            Description = "attempts without a result after which a trial is skipped; interruptions do not count",
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
