using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Evaluating;

/// <summary>Finds trials by what a person writes: an id, its first letters, or a folder.</summary>
public static class TrialNames
{
    /// <summary>Fewer first letters of an id than this are taken for a slip.</summary>
    private const int FewestLetters = 4;

    /// <summary>Returns the folder of a finished trial.</summary>
    /// <param name="what">Its id or the first four letters of it at least, as in any suite of the results, or its folder.</param>
    /// <exception cref="ArgumentException">There is no such trial, it is not finished, or there is more than one.</exception>
    public static string Folder(string what, string results)
    {
        if (IsFinished(what)) return Path.GetFullPath(what);
        var all = Folders(results);
        List<string> exact = [.. all.Where(folder => Path.GetFileName(folder) == what)];
        var named = exact.Count > 0 ? exact : what.Length < FewestLetters ? []
            : [.. all.Where(folder => Path.GetFileName(folder).StartsWith(what, StringComparison.OrdinalIgnoreCase))];
        var finished = named.Where(IsFinished).ToList();
        return (finished, named) switch
        {
            ([var one], _) => one,
            ({ Count: > 1 }, _) => throw new ArgumentException(
                $"{what}: {finished.Count} trials are called so: {string.Join(", ", finished)}; give more letters, or the folder"),
            (_, [var begun, ..]) => throw new ArgumentException(
                $"{what}: not finished: {begun} has no result.json; ablation status {SuiteOf(begun)} shows how far it is"),
            _ => throw new ArgumentException(Unknown(what, results, [.. all.Where(IsFinished).Select(folder => Path.GetFileName(folder))])),
        };
    }

    private static string Unknown(string what, string results, IReadOnlyCollection<string> ids)
    {
        var near = NearName.Find(what, ids) is { } one ? $"did you mean {one}? " : "";
        return $"{what}: no finished trial of this id below {results}, no folder with a result.json, and no .npy file; {near}ablation " +
            "status SUITE and the report's last table list ids, --results names the folder";
    }

    private static List<string> Folders(string results) => Directory.Exists(results)
        ? [.. Directory.GetDirectories(results).Order(StringComparer.Ordinal).Append(results).Select(suite => Path.Combine(suite, "trials"))
            .Where(Directory.Exists).SelectMany(trials => Directory.GetDirectories(trials).Order(StringComparer.Ordinal)).Distinct()]
        : [];

    private static bool IsFinished(string folder) => File.Exists(Path.Combine(folder, "result.json"));

    private static string SuiteOf(string trial) => Path.GetDirectoryName(Path.GetDirectoryName(trial)!)!;
}
