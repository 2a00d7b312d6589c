using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Reads time limits in sbatch's format.</summary>
internal static partial class SlurmTime
{
    /// <summary>
    /// Returns the seconds of "30" (minutes), "30:00", "8:00:00", "1-12", "1-12:30", "1-12:30:00"; null for "UNLIMITED" and "INFINITE".
    /// </summary>
    /// <exception cref="ArgumentException">It is none of these, or 0.</exception>
    public static double? Seconds(string text)
    {
        if (text.ToUpperInvariant() is "UNLIMITED" or "INFINITE") return null;
        var match = Format().Match(text);
        if (!match.Success) throw Problem(text, "not a time limit");
        var parts = match.Groups[2].Value.Split(':').Select(part => double.Parse(part)).ToList();
        // after days the first number is hours; without them one or two numbers are minutes and seconds
        var seconds = match.Groups[1].Success
            ? double.Parse(match.Groups[1].Value) * 86400 + parts[0] * 3600 + parts.ElementAtOrDefault(1) * 60 + parts.ElementAtOrDefault(2)
            : parts.Count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : parts[0] * 60 + parts.ElementAtOrDefault(1);
        return seconds > 0 ? seconds : throw Problem(text, "must be above 0");
    }

    private static ArgumentException Problem(string text, string what) =>
        new($"--time {text}: {what}; give minutes (90), hours:minutes:seconds (8:00:00) or days-hours:minutes:seconds (1-12:00:00)");

    [GeneratedRegex("^(?:([0-9]+)-)?([0-9]+(?::[0-9]+){0,2})$")]
    private static partial Regex Format();
}
