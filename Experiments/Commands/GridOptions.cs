using System.CommandLine;

namespace Ablation.Experiments.Commands;

/// <summary>Options that choose from a benchmark's axes, and what they were set to.</summary>
internal static class GridOptions
{
    /// <summary>An option that takes several values.</summary>
    public static Option<T[]> Several<T>(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true };

    /// <summary>What was asked for, once each; all that is known where nothing was.</summary>
    /// <param name="command">Stands in the error.</param>
    /// <param name="free">Whether values that are not known may be asked for.</param>
    /// <exception cref="ArgumentException">A value is not known.</exception>
    public static IReadOnlyList<T> Chosen<T>(string command, T[]? asked, IReadOnlyList<T> known, bool free = false)
    {
        if (asked is not { Length: > 0 }) return known;
        foreach (var unknown in asked.Where(one => !free && !known.Contains(one)))
            throw new ArgumentException($"{command}: \"{unknown}\" is not known; known: {string.Join(", ", known)}");
        return [.. asked.Distinct()];
    }

    /// <exception cref="ArgumentException">A value is below <paramref name="least"/>.</exception>
    public static IReadOnlyList<int> Positive(string option, IReadOnlyList<int> values, int least) =>
        values.All(value => value >= least)
        ? values : throw new ArgumentException($"{option} {values.First(value => value < least)}: must be at least {least}");
}
