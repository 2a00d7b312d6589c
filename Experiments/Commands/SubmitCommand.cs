using System.CommandLine;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Slurm;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation submit SUITE --slurm</c>: hands what is missing to a cluster, and returns.</summary>
public sealed class SubmitCommand : ISubcommand
{
    public Command Build()
    {
        var (suite, results, data, seeds, losses) = (CommandOptions.SuiteArgument(), CommandOptions.Results(), CommandOptions.Data(),
            CommandOptions.Seeds(), CommandOptions.Losses());
        var (cache, memoryLimit, resources) = (CommandOptions.Cache(), CommandOptions.MemoryLimit(), new SubmitOptions());
        var device = new Option<string?>("--device")
        {
            Description =
            "of a trial: cpu, cuda, cuda:N, mps or auto; cuda where --gpus is given, else cpu"
        };
        var (checkpoint, steps, keep, board) = (CommandOptions.CheckpointMinutes(), CommandOptions.CheckpointSteps(),
            CommandOptions.KeepCheckpoint(), CommandOptions.TensorBoard());
        var noWeights = CommandOptions.NoWeights();
        var slurm = new Option<bool>(
            "--slurm")
        { Description = "submits job arrays with sbatch; run again, it takes what is missing then" };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description =
            "shows scripts and lists, has sbatch look through them, writes and submits nothing"
        };
        var command = new Command("submit", "hands the trials of a suite that have no result yet to a cluster")
        {
            suite, slurm, dryRun, results, data, device, cache, memoryLimit, checkpoint, steps, keep, board, noWeights, seeds,
                losses,
        };
        resources.AddTo(command);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            if (!parsed.GetValue(slurm)) throw new ArgumentException("submit: name the queue, which is --slurm");
            var options = resources.Read(parsed);
            options.Check();
            var file = SuiteFile.Find(parsed.GetRequiredValue(suite));
            var (read, trials) = CommandOptions.Read(file, parsed.GetValue(seeds), parsed.GetValue(losses),
                parsed.GetRequiredValue(results));
            if (read is { Tune: not null, Tuned: null })
                throw new SuiteException(
                    $"submit: {read.Name} tunes first, and what it trains after that depends on the results; tune by ablation run " +
                    $"{read.Name} --tune-only, then submit takes the rest");
            var store = new ResultStore(Path.Combine(parsed.GetRequiredValue(results).FullName, read.Name)).Knowing(trials);
            var folder = parsed.GetRequiredValue(data).FullName;
            var limit = parsed.GetValue(memoryLimit) is { } text ? MemorySize.Parse("--memory-limit", text) : (long?)null;
            // before days in a queue, not at the start of each trial; the device is that of another machine
            using (var opened = new OpenedData(new DataRoot(folder)))
                Preflight.At(parsed.GetRequiredValue(data), "cpu").With(file, read, trials, store, opened, tunes: false).Require();
            var settings = new ProcessSettings(folder, Device(parsed.GetValue(device), options), options.Cpus,
                parsed.GetValue(cache)?.FullName, limit,
                CommandOptions.Minutes(parsed.GetValue(checkpoint)), parsed.GetValue(keep), parsed.GetValue(board),
                    CommandOptions.Steps(parsed.GetValue(steps)), !parsed.GetValue(noWeights));
            var work = new SuiteWork(read, trials, store, settings);
            var engine = new SlurmEngine(options, file, Console.WriteLine);
            if (parsed.GetValue(dryRun)) return engine.Show(work) ? 0 : 1;
            engine.Run(work, cancel);
            return 0;
        }));
        return command;
    }

    /// <summary>The device is looked for where the trial runs: the machine that submits may have none.</summary>
    private static string Device(string? asked, SlurmOptions options)
    {
        var device = asked ?? (options.Gpus is null ? "cpu" : "cuda");
        return device is "cpu" or "cuda" or "mps" or "auto"
            || (device.StartsWith("cuda:", StringComparison.Ordinal) && device.Length > 5 && device[5..].All(char.IsAsciiDigit))
            ? device
            : throw new ArgumentException($"--device {device}: not known; use auto, cpu, cuda, cuda:N or mps");
    }
}
