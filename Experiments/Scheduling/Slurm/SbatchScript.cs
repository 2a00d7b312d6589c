using Ablation.Experiments.Processes;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The texts that sbatch is given. Pure: the same input gives the same bytes.</summary>
public static class SbatchScript
{
    /// <summary>Writes the script of an array of trials, one per member.</summary>
    /// <param name="name">Of the suite.</param>
    /// <param name="logs">Folder of the members' output, which has to be there before they start.</param>
    /// <param name="trial">Program and arguments up to "--index", whose value the shell fills in.</param>
    public static string Trials(string name, string logs, ArrayChunk chunk, SlurmOptions options, IReadOnlyList<string> trial) => Text(
    [
        $"--job-name={ShellWord.Directive(name)}",
        $"--array=0-{chunk.Count - 1}" + (chunk.Throttle is { } throttle ? $"%{throttle}" : ""),
        $"--output={Output(logs, "%A_%a.out")}",
        "--open-mode=append", // a requeued member writes on into its file
        "--requeue",
        $"--signal=B:USR1@{options.WarningLead}", // B: is the process that exec puts in the shell's place
        .. options.Time is { } time ? [$"--time={time}"] : (string[])[],
        .. options.Partition is { } partition ? [$"--partition={partition}"] : (string[])[],
        .. options.Gpus is { } gpus ? [$"--gres=gpu:{gpus}"] : (string[])[],
        $"--cpus-per-task={SlurmOptions.Text(options.Cpus)}",
        .. options.Memory is { } memory ? [$"--mem={memory}"] : (string[])[],
        .. options.Extra ?? [],
    ], options, $"exec {ShellWord.Line(trial)} \"$SLURM_ARRAY_TASK_ID\"", Dump(logs, "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"));

    /// <summary>The report, when the trials have ended. It takes no GPU, and seconds.</summary>
    /// <param name="report">Program and arguments.</param>
    public static string Report(string name, string logs, SlurmOptions options, IReadOnlyList<string> report) => Text(
    [
        $"--job-name={ShellWord.Directive(name + "-report")}",
        $"--output={Output(logs, "report-%j.out")}",
        "--open-mode=append",
        "--requeue",
        "--time=30",
        .. options.Partition is { } partition ? [$"--partition={partition}"] : (string[])[],
        .. options.Memory is { } memory ? [$"--mem={memory}"] : (string[])[],
        .. options.Extra ?? [],
    ], options, $"exec {ShellWord.Line(report)}", []);

    private static string Text(IEnumerable<string> directives, SlurmOptions options, string command, IEnumerable<string> dump) =>
        string.Concat(new[] { "#!/bin/bash" }.Concat(directives.Select(one => $"#SBATCH {one}"))
            .Concat(options.SetupLines()).Concat(dump).Append(command).Select(line => line + "\n"));

    /// <summary>
    /// A member that dies in native code leaves a small dump beside its output, one per member. Settings that are there already, of the
    /// user's or of a setup line, win.
    /// </summary>
    private static IEnumerable<string> Dump(string logs, string member)
    {
        var start = $"{logs.Replace("%", "%%", StringComparison.Ordinal)}/crash-";
        foreach (var (name, value) in CrashDump.Variables(start))
            yield return $"[ -n \"${{{name}-}}\" ] || export {name}={ShellWord.Quote(value)}{(value == start ? $"\"{member}\".dmp" : "")}";
    }

    /// <summary>A percent sign of the folder's own is no pattern. The path is read on the cluster, whatever this machine is.</summary>
    private static string Output(string logs, string pattern) =>
        ShellWord.Directive($"{logs.Replace("%", "%%", StringComparison.Ordinal)}/{pattern}");
}
