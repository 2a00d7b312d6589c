using System.Globalization;

namespace Ablation.Experiments.Commands;

/// <summary>Reads a size in memory: a number and a unit.</summary>
internal static class MemorySize
{
    private static readonly Dictionary<string, double> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MB"] = 1e6,
        ["GB"] = 1e9,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
    };

    /// <summary>Returns "8GB", "6.5 GiB" or "900MB" in bytes.</summary>
    /// <exception cref="ArgumentException">The text is not a size; names the option.</exception>
    public static long Parse(string option, string text)
    {
        var unit = Units.Keys.FirstOrDefault(known => text.EndsWith(known, StringComparison.OrdinalIgnoreCase));
        if (unit is not null && double.TryParse(text[..^unit.Length], NumberStyles.Float, null, out var number) && number > 0
            && number * Units[unit] < long.MaxValue)
            return (long)(number * Units[unit]);
        throw new ArgumentException($"{option} {text}: not a size; give a number and MB, GB, MiB or GiB, for example 8GB");
    }
}
