using System.CommandLine;

namespace Ablation.Experiments.Commands;

/// <summary>Options that choose values on the axes of a benchmark, and their checks.</summary>
internal static class GridOptions
{
    /// <summary>An option that takes several values.</summary>
    public static Option<T[]> Several<T>(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true };

    /// <summary>Returns the given values without repetitions; all known values if none is given.</summary>
    /// <param name="command">Named in the error.</param>
    /// <param name="free">Whether unknown values are accepted.</param>
    /// <exception cref="ArgumentException">A value is unknown.</exception>
    public static IReadOnlyList<T> Chosen<T>(string command, T[]? given, IReadOnlyList<T> known, bool free = false)
    {
        if (given is not { Length: > 0 }) return known;
        foreach (var unknown in given.Where(one => !free && !known.Contains(one)))
            throw new ArgumentException($"{command}: unknown value \"{unknown}\"; known: {string.Join(", ", known)}");
        return [.. given.Distinct()];
    }

    /// <exception cref="ArgumentException">A value is below <paramref name="least"/>.</exception>
    public static IReadOnlyList<int> Positive(string option, IReadOnlyList<int> values, int least) =>
        values.All(value => value >= least)
        ? values : throw new ArgumentException($"{option} {values.First(value => value < least)}: must be at least {least}");
}
