using System.IO.Enumeration;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>Chooses labels and names by patterns of a command line, in which * is any text and ? any letter.</summary>
internal static class NamePattern
{
    /// <summary>Returns the names that match a pattern or are one, in their order; all if no pattern is given.</summary>
    /// <param name="option">Named in errors: "--losses".</param>
    /// <exception cref="SuiteException">A pattern matches nothing.</exception>
    public static IReadOnlyList<string> Choose(string option, IReadOnlyList<string>? patterns, IReadOnlyList<string> names, string suite)
    {
        if (patterns is not { Count: > 0 }) return names;
        foreach (var pattern in patterns.Where(pattern => !names.Any(name => Matches(pattern, name))))
            throw new SuiteException($"{option} {pattern}: not in {suite}; {NearName.Hint(pattern, names)}");
        return [.. names.Where(name => patterns.Any(pattern => Matches(pattern, name)))];
    }

    /// <summary>Whether a name is what the pattern says, or fits it.</summary>
    public static bool Matches(string pattern, string name, bool ignoreCase = false) =>
        pattern == name || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase);
}
