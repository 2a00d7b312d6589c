using System.CommandLine;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Faces;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Commands;

/// <summary>Options and arguments that several commands share.</summary>
internal static class CommandOptions
{
    public static Argument<string> SuiteArgument() =>
        new("suite") { Description = "a suite that ships (ablation list), or the path of a .jsonc file" };

    public static Option<DirectoryInfo> Results() => new("--results")
    {
        Description = "folder of all results; a suite writes into a folder of its name",
        DefaultValueFactory = _ => new DirectoryInfo("results"),
    };

    public static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = "folder that a suite's relative data paths start from",
        DefaultValueFactory = _ =>
            new DirectoryInfo(Environment.GetEnvironmentVariable("ABLATION_DATA") is { Length: > 0 } named ? named : "."),
    };

    public static Option<string> Device() =>
        new("--device") { Description = "auto, cpu, cuda, cuda:N or mps", DefaultValueFactory = _ => "auto" };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "threads of libtorch and of the decoders; 0 takes every core",
        DefaultValueFactory = _ => 0,
    };

    public static Option<int> Jobs() => new("--jobs")
    {
        Description = "trials at once; 0 chooses by suite and machine: as many as cores and memory allow, on CUDA one per GPU",
        DefaultValueFactory = _ => 0,
    };

    public static Option<int> ThreadsPerJob() => new("--threads-per-job", "--threads")
    {
        Description = "threads of libtorch and of the decoders of one trial; 0 shares the cores among the jobs",
        DefaultValueFactory = _ => 0,
    };

    public static Option<DirectoryInfo?> Cache() => new("--cache")
    {
        Description =
            "folder that keeps decoded training pictures for all later trials; without it each trial decodes them once and keeps them " +
            "in memory",
    };

    public static Option<string?> MemoryLimit() => new("--memory-limit")
    {
        Description =
            "most memory of a training, as predicted (8GB, 900MB): one that needs more is checkpointed, or refused before anything runs",
    };

    public static Option<double> CheckpointMinutes() =>
        new("--checkpoint-minutes") { Description = "minutes between two checkpoints of a trial", DefaultValueFactory = _ => 5 };

    /// <exception cref="ArgumentException">Of --checkpoint-minutes: not above 0.</exception>
    public static double Minutes(double minutes) =>
        minutes > 0 && double.IsFinite(minutes) ? minutes : throw new ArgumentException($"--checkpoint-minutes {minutes}: must be above 0");

    public static Option<int?> CheckpointSteps() =>
        new("--checkpoint-steps") { Description = "a checkpoint at each multiple of so many steps too" };

    /// <exception cref="ArgumentException">Of --checkpoint-steps: not above 0.</exception>
    public static int? Steps(int? steps) =>
        steps is < 1 ? throw new ArgumentException($"--checkpoint-steps {steps}: must be 1 or more") : steps;

    public static Option<bool> KeepCheckpoint() =>
        new("--keep-checkpoint") { Description = "keeps a finished trial's last checkpoint, which has the trained weights" };

    public static Option<bool> NoWeights() =>
        new("--no-weights") { Description = "does not keep the trained networks: smaller results, but evaluate and embed cannot use them" };

    public static Option<bool> TensorBoard() =>
        new("--tensorboard") { Description = "also writes event files for TensorBoard into each trial's folder" };

    public static Option<int[]> Seeds() =>
        new("--seeds") { Description = "seeds in place of the suite's own: --seeds 1 2 3", AllowMultipleArgumentsPerToken = true };

    public static Option<string[]> Losses() =>
        new("--losses") { Description = "only these losses, by label", AllowMultipleArgumentsPerToken = true };

    /// <summary>The suite with the seeds and losses of the command line, and with what tuning chose.</summary>
    /// <param name="results">Folder of all results, where the choice lies; null for the suite as its file has it.</param>
    /// <exception cref="SuiteException">The file does not fit, a loss is not one of the suite's, or the choice was made for another
    /// search.</exception>
    public static (Suite Suite, IReadOnlyList<PlannedTrial> Trials) Read(string nameOrPath, int[]? seeds, string[]? losses,
        DirectoryInfo? results = null)
    {
        var suite = SuiteFile.Read(SuiteFile.Find(nameOrPath));
        Once("--seeds", seeds);
        if (seeds is { Length: > 0 }) suite = suite with { Seeds = [.. seeds] };
        if (SuiteSize.Problem(suite) is { } size) throw new SuiteException($"--seeds: {size}"); // the file's own were checked
        if (TuneRules.SeedProblem(suite) is { } shared) throw new SuiteException($"--seeds: {shared}");
        if (results is not null) suite = ChoiceFile.Apply(suite, new ResultStore(Path.Combine(results.FullName, suite.Name)));
        return (suite, Chosen(suite, losses));
    }

    /// <summary>
    /// The trials of some losses, by label; all where none is named. What tuning chose may be the suite's own setting: a trial runs once.
    /// </summary>
    /// <exception cref="SuiteException">A loss is not one of the suite's.</exception>
    public static IReadOnlyList<PlannedTrial> Chosen(Suite suite, string[]? losses)
    {
        var all = suite.Trials();
        Once("--losses", losses);
        var labels = all.Select(trial => trial.Label).Distinct().ToList();
        string[] tuned = suite is { Tune: not null, Tuned: null } ? [.. Labels.Of(suite.Losses).Select(Labels.Tuned)] : []; // to come
        if (losses?.FirstOrDefault(loss => !labels.Contains(loss) && !tuned.Contains(loss)) is { } unknown)
            throw new SuiteException($"--losses {unknown}: not in {suite.Name}; known: {string.Join(", ", labels.Concat(tuned))}");
        var trials = all.Where(trial => losses is not { Length: > 0 } || losses.Contains(trial.Label));
        return [.. suite.Tuned is null ? trials : trials.DistinctBy(trial => trial.Spec.Id())];
    }

    /// <exception cref="ArgumentException">A value is given twice: a trial runs once, so one of the two is a slip.</exception>
    private static void Once<T>(string option, T[]? values)
    {
        if (values?.GroupBy(value => value).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            throw new ArgumentException($"{option} {string.Join(' ', values)}: {twice.Key} is there twice; name each once");
    }

    public static TrialPlace Place(DirectoryInfo data, string device, int threads) =>
        new(new DataRoot(data.FullName), Devices.Find(device), threads > 0 ? threads : Environment.ProcessorCount);
}
