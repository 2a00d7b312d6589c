using System.Globalization;
using System.Text.RegularExpressions;

namespace Ablation.Harness.Provenance;

/// <summary>
/// Reads the energy of the processor's packages from Linux's counters (RAPL). They count everything that runs on the packages, including
/// other trials, and memory if the processor includes it. On most systems only the administrator can read them.
/// </summary>
/// <remarks>A counter wraps at about 2^18 J, which a large processor uses in a quarter of an hour: call <see cref="Read"/> more often than
/// that.</remarks>
public sealed class ProcessorEnergy
{
    private readonly IReadOnlyList<(string Counter, decimal Range)> packages; // microjoules
    private readonly decimal?[] last;
    private readonly Lock gate = new();
    private decimal sum;
    private bool isWhole;

    /// <param name="folder">The folder whose sub-folders are the counters; null for the system's.</param>
    public ProcessorEnergy(string? folder = null)
    {
        packages = Find(folder ?? "/sys/class/powercap");
        last = [.. packages.Select(package => Number(package.Counter))];
        isWhole = packages.Count > 0 && last.All(value => value is not null);
    }

    /// <summary>Returns joules since construction; null if a package cannot be read, or could not be read earlier.</summary>
    public double? Read()
    {
        lock (gate)
        {
            for (var i = 0; isWhole && i < packages.Count; i++)
            {
                if (Number(packages[i].Counter) is not { } now)
                {
                    isWhole = false;
                    break;
                }

                sum += now - last[i]!.Value + (now < last[i] ? packages[i].Range : 0);
                last[i] = now;
            }

            return isWhole ? (double)(sum / 1_000_000) : null;
        }
    }

    /// <summary>Finds the counters of whole packages; cores and memory are parts of them, and "psys" includes them all.</summary>
    private static List<(string Counter, decimal Range)> Find(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        var found = new List<(string, decimal)>();
        foreach (var domain in Directory.GetDirectories(folder)
            .Where(domain => Regex.IsMatch(Path.GetFileName(domain), @"^intel-rapl[:-]\d+$")).Order(StringComparer.Ordinal))
        {
            if (Text(Path.Combine(domain, "name"))?.StartsWith("package", StringComparison.Ordinal) == true
                && Number(Path.Combine(domain, "max_energy_range_uj")) is { } range)
                found.Add((Path.Combine(domain, "energy_uj"), range));
        }

        return found;
    }

    private static decimal? Number(string file) => decimal.TryParse(Text(file), NumberStyles.None, null, out var number) ? number : null;

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
