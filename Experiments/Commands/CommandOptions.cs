using System.CommandLine;
using Ablation.Harness.Faces;
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

    public static TrialPlace Place(DirectoryInfo data, string device, int threads) =>
        new(new DataRoot(data.FullName), Devices.Find(device), threads > 0 ? threads : Environment.ProcessorCount);
}
