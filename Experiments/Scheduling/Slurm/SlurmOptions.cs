using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Options for SLURM from the user; null or empty means the cluster's default.</summary>
/// <param name="Time">Time limit of one attempt in sbatch's format: minutes, H:MM:SS, D-HH:MM:SS.</param>
/// <param name="Gpus">GPUs per trial, a count with or without a type: 1, a100:1; null for none.</param>
/// <param name="Cpus">Cores and threads per trial.</param>
/// <param name="Memory">Memory per node in sbatch's format: 8G, 900M.</param>
/// <param name="Limit">Maximum number of parallel trials; null for no limit.</param>
/// <param name="Extra">Additional sbatch options, one per entry: --account=faces.</param>
/// <param name="Setup">Bash lines to run before the trial: module load cuda.</param>
/// <param name="RetryFailed">Whether trials that failed with an error are submitted again.</param>
/// <param name="MaxAttempts">Attempts without a result after which a trial is left out; interruptions do not count.</param>
public sealed partial record SlurmOptions(string? Time = null, string? Partition = null, string? Gpus = null, int Cpus = 1,
    string? Memory = null, int? Limit = null,
    IReadOnlyList<string>? Extra = null, IReadOnlyList<string>? Setup = null, bool RetryFailed = false,
        int MaxAttempts = SlurmOptions.DefaultMaxAttempts)
{
    public const int DefaultMaxAttempts = 5;

    /// <summary>Maximum seconds between SLURM's warning and the limit: enough for a step, a checkpoint and the requeue.</summary>
    public const int WarningSeconds = 180;

    private static readonly string[] Ours = ["--array", "-a", "--wrap", "--test-only", "--parsable", "--wait", "-W"];

    /// <summary>Seconds between the warning and the limit: a quarter of a short limit, so that an attempt makes progress.</summary>
    public int WarningLead =>
        Time is { } time && SlurmTime.Seconds(time) is { } seconds ? (int)Math.Clamp(seconds / 4, 1, WarningSeconds) : WarningSeconds;

    /// <exception cref="ArgumentException">An option is invalid; the message names it and valid values.</exception>
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
                throw new ArgumentException($"--sbatch \"{extra}\": submit sets this option");
        }
    }

    /// <summary>Returns the lines of all setup entries, each of which may hold several.</summary>
    public IEnumerable<string> SetupLines() => (Setup ?? []).SelectMany(text => text.ReplaceLineEndings("\n").Split('\n'));

    internal static string Text(int value) => value.ToString();

    [GeneratedRegex("^([A-Za-z0-9_.-]+:)?[1-9][0-9]*$")]
    private static partial Regex GpuCount();

    [GeneratedRegex("^[0-9]+[KMGT]?$", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryText();

    [GeneratedRegex("^[A-Za-z0-9_.,-]+$")]
    private static partial Regex Word();
}
