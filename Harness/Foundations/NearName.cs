namespace Ablation.Harness.Foundations;

/// <summary>Suggests the known name that a misspelt one was meant to be: losses, keys, options, suites, ids.</summary>
public static class NearName
{
    /// <summary>More known names than this are not listed in a message if one is near.</summary>
    private const int FewNames = 8;

    /// <summary>
    /// Returns the nearest known name; null if none is near. Near is one change (a letter put in, left out, replaced, or two exchanged) per
    /// three letters, at least one; case does not count. Of equally near names the first in ordinal order is taken.
    /// </summary>
    public static string? Find(string given, IEnumerable<string> known)
    {
        var most = Math.Max(1, given.Length / 3);
        return known.Distinct().Select(name => (Name: name, Distance: Distance(given.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(one => one.Distance <= most && one.Distance < one.Name.Length)
            .OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal).Select(one => one.Name).FirstOrDefault();
    }

    /// <summary>Returns "did you mean CosFace?", with the known names where they are few; without a near name "known: ...".</summary>
    public static string Hint(string given, IReadOnlyCollection<string> known)
    {
        var list = $"known: {string.Join(", ", known)}";
        if (Find(given, known) is not { } near) return list;
        return known.Count > FewNames ? $"did you mean {near}?" : $"did you mean {near}? {list}";
    }

    /// <summary>Returns the number of single changes between two texts (optimal string alignment).</summary>
    internal static int Distance(string from, string to)
    {
        var costs = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) costs[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) costs[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = costs[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replaced, 1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }

        return costs[from.Length, to.Length];
    }
}
