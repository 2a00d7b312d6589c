using System.Reflection;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling;

/// <summary>Builds the command lines of trials and reports, the same for every engine.</summary>
public static class TrialCommandLine
{
    /// <summary>Returns how this program is started: "dotnet ablation.dll", or its executable.</summary>
    public static IReadOnlyList<string> Program()
    {
        var path = Environment.ProcessPath
            ?? throw new IOException("the system does not report the path of this program, so no trial can be started");
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Assembly.GetExecutingAssembly().Location] : [path];
    }

    /// <summary><c>trial ID --folder DIR ...</c></summary>
    public static IReadOnlyList<string> ById(string id, ResultStore store, ProcessSettings settings) =>
        ["trial", id, .. Settings(store, settings)];

    /// <summary>
    /// <c>trial --list FILE --index N --folder DIR ...</c>: the trial in line N (from 0) of a list. The caller appends the index, which may
    /// be a shell variable.
    /// </summary>
    public static IReadOnlyList<string> ByList(string list, ResultStore store, ProcessSettings settings) =>
        ["trial", .. Settings(store, settings), "--list", list, "--index"];

    /// <summary><c>report SUITE --results DIR --seeds ...</c> for the suite in this store.</summary>
    public static IReadOnlyList<string> Report(string suiteFile, ResultStore store, IReadOnlyList<int> seeds) =>
        ["report", suiteFile, "--results", Path.GetDirectoryName(store.Folder)!, "--seeds", .. seeds.Select(seed => Text(seed))];

    private static IEnumerable<string> Settings(ResultStore store, ProcessSettings settings)
    {
        string[] always = ["--folder", store.Folder, "--data", settings.Data, "--device", settings.Device, "--threads",
            Text(settings.Threads), "--checkpoint-minutes", Text(settings.CheckpointMinutes)];
        string[] cache = settings.Cache is { } folder ? ["--cache", folder] : [];
        string[] memory = settings.MemoryLimit is { } limit ? ["--memory-limit", $"{Text(limit / 1e6)}MB"] : [];
        string[] keep = settings.KeepCheckpoint ? ["--keep-checkpoint"] : [];
        string[] board = settings.TensorBoard ? ["--tensorboard"] : [];
        string[] steps = settings.CheckpointSteps is { } every ? ["--checkpoint-steps", Text(every)] : [];
        string[] weights = settings.KeepWeights ? [] : ["--no-weights"];
        return [.. always, .. cache, .. memory, .. keep, .. board, .. steps, .. weights];
    }

    private static string Text(double value) => value.ToString();
}
