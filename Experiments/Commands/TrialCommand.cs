using System.CommandLine;
using System.Runtime.InteropServices;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Scheduling.Slurm;
using Ablation.Experiments.Store;
using Ablation.Harness.Batches;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation trial ID</c>: one attempt at one trial, started by a pool or a cluster. The exit code shows how it ended.
/// </summary>
public sealed class TrialCommand : ISubcommand
{
    private const int UserSignal = 10; // SIGUSR1 on Linux: SLURM's warning before the time limit

    public Command Build()
    {
        var id = new Argument<string?>("id")
        {
            Description = "the trial's id, which is the name of its folder; or use --list and --index",
            Arity = ArgumentArity.ZeroOrOne
        };
        var folder = new Option<DirectoryInfo>("--folder") { Description = "results folder of the suite", Required = true };
        var list = new Option<FileInfo?>("--list") { Description = "a file with one trial id per line" };
        var index = new Option<int?>("--index") { Description = "line of --list, from 0" };
        var (data, device, threads, cache, memory) = (CommandOptions.Data(), CommandOptions.Device(), CommandOptions.Threads(),
            CommandOptions.Cache(), CommandOptions.MemoryLimit());
        var (minutes, steps, keep, board) = (CommandOptions.CheckpointMinutes(), CommandOptions.CheckpointSteps(),
            CommandOptions.KeepCheckpoint(), CommandOptions.TensorBoard());
        var noWeights = CommandOptions.NoWeights();
        var supervised = new Option<bool>("--supervised")
        {
            Description =
            "saves a checkpoint and stops at the end of standard input",
            Hidden = true
        };
        var command = new Command("trial", "runs or resumes one trial of a suite; run and submit start one such process per trial")
        {
            id, folder, list, index, data, device, threads, cache, memory, minutes, steps, keep, board, noWeights, supervised,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            StopRequests.ExitCode = TrialExit.Interrupted;
            var isSupervised = parsed.GetValue(supervised);
            if (isSupervised) ProcessTree.LeadOwnGroup();
            var store = new ResultStore(parsed.GetRequiredValue(folder).FullName);
            var trial = parsed.GetValue(id) ?? FromList(parsed.GetValue(list), parsed.GetValue(index));
            var place = CommandOptions.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            if (parsed.GetValue(memory) is { } limit) place = place with { MemoryLimit = MemorySize.Parse("--memory-limit", limit) };
            // a pool copies the console output to log.txt
            using var log = isSupervised ? null : new TrialLog(store.Files(trial).Log, Console.Error.WriteLine);
            if (parsed.GetValue(cache) is { } pictures) place = place with { Cache = new PixelCache(pictures.FullName, Say) };
            var settings = new ProcessSettings(place.Data.Folder, place.Device.ToString(), place.Threads, parsed.GetValue(cache)?.FullName,
                place.MemoryLimit,
                CommandOptions.Minutes(parsed.GetValue(minutes)), parsed.GetValue(keep), parsed.GetValue(board),
                    CommandOptions.Steps(parsed.GetValue(steps)), !parsed.GetValue(noWeights));
            var job = SlurmJob.Current;

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var isTimeUp = false;
            using var warning = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create((PosixSignal)UserSignal, signal =>
            {
                (signal.Cancel, isTimeUp) = (true, true);
                stop.Cancel();
            }) : null;
            if (isSupervised) new Thread(() => StopAtEndOfInput(stop)) { IsBackground = true }.Start();

            using var section = StopRequests.Section(); // the attempt saves a checkpoint before it stops
            var holder = new LeaseHolder(job?.Name, job?.Restarts ?? 0);
            var code = new TrialAttempt(store, trial, settings, place, holder, Say, exit => ProcessEnd.Now(exit, () => { }))
                .Run(stop.Token);
            if (code == TrialExit.Interrupted && isTimeUp && job is not null) Say(job.Requeue(store.Files(trial)));
            return code;

            void Say(string line)
            {
                log?.Add(line);
                try { Console.WriteLine(line); }
                catch (IOException) { } // output to a full disk must not end the trial
            }
        }));
        return command;
    }

    private static string FromList(FileInfo? list, int? index)
    {
        if (list is null || index is not { } line) throw new ArgumentException("trial: name the trial by its id, or by --list and --index");
        var ids = File.ReadAllLines(list.FullName).Where(id => id.Length > 0).ToList();
        return line >= 0 && line < ids.Count
            ? ids[line].Trim() : throw new ArgumentException($"--index {line}: {list.FullName} has {ids.Count} lines, from 0");
    }

    private static void StopAtEndOfInput(CancellationTokenSource stop)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0) { }
            stop.Cancel();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // the trial has ended
        }
    }
}
