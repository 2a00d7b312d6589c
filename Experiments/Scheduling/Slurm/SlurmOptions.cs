using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>What the user asks SLURM for; a null or empty value leaves the cluster's own default.</summary>
/// <param name="Time">Limit of one attempt, as sbatch reads it: minutes, H:MM:SS, D-HH:MM:SS.</param>
/// <param name="Gpus">Of a trial, a count with or without a type: 1, a100:1; null for none.</param>
/// <param name="Cpus">Cores of a trial, which are also its threads.</param>
/// <param name="Memory">Of a node, as sbatch reads it: 8G, 900M.</param>
/// <param name="Limit">Trials at once; null for no limit.</param>
/// <param name="Extra">More options of sbatch, one per entry: --account=faces.</param>
/// <param name="Setup">Lines of bash before the trial: module load cuda.</param>
/// <param name="RetryFailed">Whether trials that failed with an error are submitted again.</param>
/// <param name="MaxAttempts">Attempts without a result after which a trial is left out; an interruption is none.</param>
public sealed partial record SlurmOptions(string? Time = null, string? Partition = null, string? Gpus = null, int Cpus = 1,
    string? Memory = null, int? Limit = null,
    IReadOnlyList<string>? Extra = null, IReadOnlyList<string>? Setup = null, bool RetryFailed = false,
        int MaxAttempts = SlurmOptions.DefaultMaxAttempts)
{
    public const int DefaultMaxAttempts = 5;

    /// <summary>Most seconds between SLURM's warning and the limit: a step, a checkpoint and the requeue have to fit in.</summary>
    public const int WarningSeconds = 180;

    private static readonly string[] Ours = ["--array", "-a", "--wrap", "--test-only", "--parsable", "--wait", "-W"];

    /// <summary>
    /// Seconds before the limit at which the trial is warned: a quarter of a short limit, so that an attempt gets somewhere.
    /// </summary>
    public int WarningLead =>
        Time is { } time && SlurmTime.Seconds(time) is { } seconds ? (int)Math.Clamp(seconds / 4, 1, WarningSeconds) : WarningSeconds;

    /// <exception cref="ArgumentException">An option cannot be; names it and says what would do.</exception>
    public void Check()
    {
        if (Time is { } time) SlurmTime.Seconds(time); // throws
        if (Cpus < 1) throw new ArgumentException($"--cpus {Cpus}: must be 1 or more");
        if (Limit < 1) throw new ArgumentException($"--limit {Limit}: must be 1 or more, or left out for no limit");
        if (MaxAttempts < 1) throw new ArgumentException($"--max-attempts {MaxAttempts}: must be 1 or more");
        if (Gpus is { } gpus && !GpuCount().IsMatch(gpus))
            throw new ArgumentException($"--gpus {gpus}: not a count; give 1, or a type and a count like a100:1");
        if (Memory is { } memory && !MemoryText().IsMatch(memory))
            throw new ArgumentException($"--mem {memory}: not an amount as sbatch reads it; give 900M, 8G");
        if (Partition is { } partition && !Word().IsMatch(partition))
            throw new ArgumentException($"--partition {partition}: not a name, or names with commas");
        foreach (var extra in Extra ?? [])
        {
            if (!extra.StartsWith('-') || extra.Contains('\n', StringComparison.Ordinal))
                throw new ArgumentException(
                    $"--sbatch \"{extra}\": not an option of sbatch; give one per entry, as --sbatch=--account=faces");
            if (Ours.Contains(extra.Split('=', ' ')[0]))
                throw new ArgumentException($"--sbatch \"{extra}\": this one is set by submit itself");
        }
    }

    /// <summary>One line of bash, or several, a setup entry.</summary>
    public IEnumerable<string> SetupLines() => (Setup ?? []).SelectMany(text => text.ReplaceLineEndings("\n").Split('\n'));

    internal static string Text(int value) => value.ToString();

    [GeneratedRegex("^([A-Za-z0-9_.-]+:)?[1-9][0-9]*$")]
    private static partial Regex GpuCount();

    [GeneratedRegex("^[0-9]+[KMGT]?$", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryText();

    [GeneratedRegex("^[A-Za-z0-9_.,-]+$")]
    private static partial Regex Word();
}
