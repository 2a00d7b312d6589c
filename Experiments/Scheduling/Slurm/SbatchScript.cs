using System.Text.RegularExpressions;
using Ablation.Experiments.Processes;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Writes the scripts for sbatch. Pure: the same input gives the same bytes.</summary>
public static partial class SbatchScript
{
    /// <summary>Writes the script of an array of trials, one per member.</summary>
    /// <param name="name">Name of the suite.</param>
    /// <param name="logs">Folder of the members' output; it must exist before they start.</param>
    /// <param name="trial">Program and arguments up to "--index", whose value the shell fills in.</param>
    public static string Trials(string name, string logs, ArrayChunk chunk, SlurmOptions options, IReadOnlyList<string> trial) => Text(
    [
        $"--job-name={Directive(name)}",
        $"--array=0-{chunk.Count - 1}" + (chunk.Throttle is { } throttle ? $"%{throttle}" : ""),
        $"--output={Output(logs, "%A_%a.out")}",
        "--open-mode=append", // a requeued member appends to its file
        "--requeue",
        $"--signal=B:USR1@{options.WarningLead}", // B: is the process that exec puts in the shell's place
        .. options.Time is { } time ? [$"--time={time}"] : (string[])[],
        .. options.Partition is { } partition ? [$"--partition={partition}"] : (string[])[],
        .. options.Gpus is { } gpus ? [$"--gres=gpu:{gpus}"] : (string[])[],
        $"--cpus-per-task={SlurmOptions.Text(options.Cpus)}",
        .. options.Memory is { } memory ? [$"--mem={memory}"] : (string[])[],
        .. options.Extra ?? [],
    ], options, $"exec {Line(trial)} \"$SLURM_ARRAY_TASK_ID\"", Dump(logs, "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"));

    /// <summary>Writes the script of the report after the trials. It takes seconds and needs no GPU.</summary>
    /// <param name="report">Program and arguments.</param>
    public static string Report(string name, string logs, SlurmOptions options, IReadOnlyList<string> report) => Text(
    [
        $"--job-name={Directive(name + "-report")}",
        $"--output={Output(logs, "report-%j.out")}",
        "--open-mode=append",
        "--requeue",
        "--time=30",
        .. options.Partition is { } partition ? [$"--partition={partition}"] : (string[])[],
        .. options.Memory is { } memory ? [$"--mem={memory}"] : (string[])[],
        .. options.Extra ?? [],
    ], options, $"exec {Line(report)}", []);

    private static string Text(IEnumerable<string> directives, SlurmOptions options, string command, IEnumerable<string> dump) =>
        string.Concat(new[] { "#!/bin/bash" }.Concat(directives.Select(one => $"#SBATCH {one}"))
            .Concat(options.SetupLines()).Concat(dump).Append(command).Select(line => line + "\n"));

    /// <summary>
    /// Lets a member that crashes in native code leave a small dump beside its output. Variables that the user or a setup line has set take
    /// precedence.
    /// </summary>
    private static IEnumerable<string> Dump(string logs, string member)
    {
        var start = $"{logs.Replace("%", "%%", StringComparison.Ordinal)}/crash-";
        foreach (var (name, value) in CrashDump.Variables(start))
            yield return $"[ -n \"${{{name}-}}\" ] || export {name}={Quote(value)}{(value == start ? $"\"{member}\".dmp" : "")}";
    }

    /// <summary>Escapes percent signs of the folder, which are not patterns. Uses "/", since the cluster reads the path.</summary>
    private static string Output(string logs, string pattern) =>
        Directive($"{logs.Replace("%", "%%", StringComparison.Ordinal)}/{pattern}");

    /// <summary>Quotes a text that a shell would not read as one word.</summary>
    private static string Quote(string text) => Safe().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>Quotes a value of an #SBATCH line, which has no reliable escapes.</summary>
    /// <exception cref="ArgumentException">It has a quote, a backslash or a line end.</exception>
    private static string Directive(string text) => Safe().IsMatch(text) ? text
        : text.IndexOfAny(['"', '\\', '\n', '\r']) < 0 ? $"\"{text}\""
        : throw new ArgumentException(
            $"{text}: SLURM takes no name with quotes, backslashes or line ends; choose another folder or suite name");

    [GeneratedRegex("^[A-Za-z0-9_./:=,@%+-]+$")]
    private static partial Regex Safe();
}
