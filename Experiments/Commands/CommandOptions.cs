using System.CommandLine;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Commands;

/// <summary>Options and arguments shared by several commands.</summary>
internal static class CommandOptions
{
    public static Argument<string> SuiteArgument() =>
        new("suite") { Description = "a shipped suite (ablation list), or the path of a .jsonc file" };

    public static Option<DirectoryInfo> Results() => new("--results")
    {
        Description = "folder of all results; a suite writes to a subfolder of its name",
        DefaultValueFactory = _ => new DirectoryInfo("results"),
    };

    public static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = "folder that relative data paths of a suite are resolved against",
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
        Description = "trials that run at once; 0 chooses by suite and machine: as many as cores and memory allow, one per GPU on CUDA",
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
            "folder that keeps decoded training pictures for later trials; without it each trial decodes them once and keeps them " +
            "in memory",
    };

    public static Option<string?> MemoryLimit() => new("--memory-limit")
    {
        Description =
            "limit on the predicted memory of a training (8GB, 900MB); one that needs more uses gradient checkpointing, or is refused " +
            "before anything runs",
    };

    public static Option<double> CheckpointMinutes() =>
        new("--checkpoint-minutes") { Description = "minutes between checkpoints of a trial", DefaultValueFactory = _ => 5 };

    /// <exception cref="ArgumentException">--checkpoint-minutes is not above 0.</exception>
    public static double Minutes(double minutes) =>
        minutes > 0 && double.IsFinite(minutes) ? minutes : throw new ArgumentException($"--checkpoint-minutes {minutes}: must be above 0");

    public static Option<int?> CheckpointSteps() =>
        new("--checkpoint-steps") { Description = "also saves a checkpoint every this many steps" };

    /// <exception cref="ArgumentException">--checkpoint-steps is not above 0.</exception>
    public static int? Steps(int? steps) =>
        steps is < 1 ? throw new ArgumentException($"--checkpoint-steps {steps}: must be 1 or more") : steps;

    public static Option<bool> KeepCheckpoint() =>
        new("--keep-checkpoint") { Description = "keeps the last checkpoint of a finished trial, which contains the trained weights" };

    public static Option<bool> NoWeights() =>
        new("--no-weights") { Description = "discards trained networks; results are smaller, but evaluate and embed cannot use them" };

    public static Option<bool> TensorBoard() =>
        new("--tensorboard") { Description = "also writes event files for TensorBoard into each trial's folder" };

    public static Option<int[]> Seeds() =>
        new("--seeds") { Description = "replaces the suite's seeds: --seeds 1 2 3", AllowMultipleArgumentsPerToken = true };

    public static Option<string[]> Losses() =>
        new("--losses") { Description = "only these losses, by label", AllowMultipleArgumentsPerToken = true };

    /// <summary>Reads a suite and applies the seeds and losses of the command line and the choice of tuning.</summary>
    /// <param name="results">Folder of all results, which holds the choice; null to leave the choice out.</param>
    /// <exception cref="SuiteException">The file is invalid, a loss is not in the suite, or the choice was made for another
    /// search.</exception>
    public static (Suite Suite, IReadOnlyList<PlannedTrial> Trials) Read(string nameOrPath, int[]? seeds, string[]? losses,
        DirectoryInfo? results = null)
    {
        var suite = SuiteFile.Read(SuiteFile.Find(nameOrPath));
        Once("--seeds", seeds);
        if (seeds is { Length: > 0 }) suite = suite with { Seeds = [.. seeds] };
        if (SuiteSize.Problem(suite) is { } size) throw new SuiteException($"--seeds: {size}"); // the file's seeds are checked
        if (TuneRules.SeedProblem(suite) is { } shared) throw new SuiteException($"--seeds: {shared}");
        if (results is not null) suite = ChoiceFile.Apply(suite, new ResultStore(Path.Combine(results.FullName, suite.Name)));
        return (suite, Chosen(suite, losses));
    }

    /// <summary>
    /// Returns the trials of some losses, by label; all if none is named. If tuning chose the default setting, its trial
    /// runs once.
    /// </summary>
    /// <exception cref="SuiteException">A loss is not in the suite.</exception>
    public static IReadOnlyList<PlannedTrial> Chosen(Suite suite, string[]? losses)
    {
        var all = suite.Trials();
        Once("--losses", losses);
        var labels = all.Select(trial => trial.Label).Distinct().ToList();
        string[] tuned = suite is { Tune: not null, Tuned: null } ? [.. Labels.Of(suite.Losses).Select(Labels.Tuned)] : [];
        if (losses?.FirstOrDefault(loss => !labels.Contains(loss) && !tuned.Contains(loss)) is { } unknown)
            throw new SuiteException($"--losses {unknown}: not in {suite.Name}; {NearName.Hint(unknown, [.. labels, .. tuned])}");
        var trials = all.Where(trial => losses is not { Length: > 0 } || losses.Contains(trial.Label));
        return [.. suite.Tuned is null ? trials : trials.DistinctBy(trial => trial.Spec.Id())];
    }

    /// <exception cref="ArgumentException">A value is given twice, which is a mistake: a trial runs once.</exception>
    private static void Once<T>(string option, T[]? values)
    {
        if (values?.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } repeated)
            throw new ArgumentException($"{option} {string.Join(' ', values)}: {repeated.Key} is given twice; name each once");
    }

    public static TrialPlace Place(DirectoryInfo data, string device, int threads) =>
        new(new DataRoot(data.FullName), Devices.Find(device), threads > 0 ? threads : Environment.ProcessorCount);
}
