using System.CommandLine;
using System.Diagnostics;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using static Ablation.Experiments.Commands.GridOptions;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation bench store</c>: times <c>status</c> and <c>report</c> on many finished trials, with and without checksums.
/// </summary>
internal static class BenchStore
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static Command Build()
    {
        var trials = new Option<int>("--trials") { Description = "finished trials", DefaultValueFactory = _ => 10000 };
        var pairs = new Option<int>("--pairs") { Description = "pairs per test; each trial has one test", DefaultValueFactory = _ => 6000 };
        var rounds = new Option<int>("--rounds")
        {
            Description = "runs of each command, one process per run",
            DefaultValueFactory = _ => 5
        };
        var folder = new Option<DirectoryInfo?>("--folder")
        {
            Description =
            "folder that keeps the generated store for later runs; a temporary folder by default"
        };
        var command = new Command("store", "times status and report on a generated store of finished trials, and what checksums cost")
        {
            trials, pairs, rounds, folder,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var made = MadeUpStore.Describe(Positive("--trials", [parsed.GetValue(trials)], 1)[0],
                Positive("--pairs", [parsed.GetValue(pairs)], 20)[0]);
            var count = Positive("--rounds", [parsed.GetValue(rounds)], 1)[0];
            if (parsed.GetValue(folder) is { } kept) return Run(made, kept.FullName, count, cancel);
            var temporary = Directory.CreateTempSubdirectory("ablation-store-").FullName;
            using var tidy = StopRequests.BeforeForcedEnd(() => PatientFile.DeleteFolder(temporary, recursive: true));
            try
            {
                return Run(made, temporary, count, cancel);
            }
            finally
            {
                PatientFile.DeleteFolder(temporary, recursive: true);
            }
        }));
        return command;
    }

    /// <summary>
    /// Makes the stores if they do not exist, runs both commands alternately, and prints their medians, beside those without checksums.
    /// </summary>
    private static int Run(MadeUpStore made, string folder, int rounds, CancellationToken cancel)
    {
        var plain = Path.Combine(folder, "without-checksums");
        Make(made, folder, _ => { });
        Make(made, plain, made.RemoveChecksums);
        Console.WriteLine($"{made.Losses} losses x {made.Trainings} trainings x {made.Seeds} seeds, {made.Pairs} pairs each");
        string[] commands = ["status", "report"];
        var seconds = commands.ToDictionary(command => command, _ => new List<(double With, double Without)>());
        var peaks = commands.ToDictionary(command => command, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var command in commands)
            {
                // in turns, and each first in every other round: what slows the machine meets both
                var first = Measure(command, made, round % 2 == 0 ? folder : plain, cancel);
                var second = Measure(command, made, round % 2 == 0 ? plain : folder, cancel);
                var (with, without) = round % 2 == 0 ? (first, second) : (second, first);
                seconds[command].Add((with.Seconds, without.Seconds));
                peaks[command].Add(with.PeakMiB);
            }
        }

        foreach (var command in commands)
        {
            Console.WriteLine($"{command,-6}  median {Range(seconds[command].Select(one => one.With), "F2", " s")}, {rounds} rounds; " +
                $"peak memory {Range(peaks[command], "F0", " MiB")}");
            Console.WriteLine($"{"",-6}  without checksums {Range(seconds[command].Select(one => one.Without), "F2", " s")}; with them " +
                $"{Range(seconds[command].Select(one => one.With / one.Without), "F3", "")} times as long");
        }

        return 0;
    }

    /// <summary>Writes the suite and its results, unless an earlier run left them complete.</summary>
    private static void Make(MadeUpStore made, string folder, Action<ResultStore> change)
    {
        var suite = SuiteOf(made, folder);
        if (File.Exists(suite)) return;
        Console.WriteLine($"generating {folder}");
        var store = new ResultStore(Path.Combine(folder, made.Suite.Name));
        made.Write(store);
        change(store);
        AtomicFile.Write(suite, SpecJson.Write(made.Suite) + "\n"); // written last: it marks a complete store
    }

    private static string SuiteOf(MadeUpStore made, string folder) => Path.Combine(folder, $"{made.Suite.Name}.jsonc");

    /// <summary>"1.23 s (1.10 to 1.31)": the median and the range.</summary>
    private static string Range(IEnumerable<double> values, string format, string unit)
    {
        var sorted = values.Order().ToList();
        return $"{sorted[sorted.Count / 2].ToString(format)}{unit} ({sorted[0].ToString(format)} to {sorted[^1].ToString(format)})";
    }

    /// <summary>The largest working set so far; 0 once the process has ended, since the system has forgotten it.</summary>
    private static long Peak(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Runs a command of this program in another process; returns its wall time and its largest working set.</summary>
    private static (double Seconds, double PeakMiB) Measure(string command, MadeUpStore made, string folder, CancellationToken cancel)
    {
        string[] arguments = [command, SuiteOf(made, folder), "--results", folder];
        var program = TrialCommandLine.Program();
        var watch = Stopwatch.StartNew();
        using var process = ChildProcess.StartWithoutInput(ChildProcess.Describe(program[0], [.. program.Skip(1), .. arguments]));
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text) Console.Error.WriteLine(text);
        };
        process.BeginErrorReadLine();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var ended = cancel.Register(() => process.Kill(entireProcessTree: true));
        long peak = 0;
        while (!process.WaitForExit(Poll)) peak = Math.Max(peak, Peak(process));
        process.WaitForExit(); // for the rest of its output
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? (watch.Elapsed.TotalSeconds, peak / 1048576.0)
            : throw new InvalidDataException($"bench store: {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
