namespace Ablation.Experiments.Store;

/// <summary>A suite in a folder of results.</summary>
/// <param name="Name">Of its folder; the search of a suite is "SUITE/tuning".</param>
public sealed record SuiteFolder(string Name, ResultStore Store);

/// <summary>Finds the suites of a folder of results: every folder that holds trials.</summary>
public static class SuiteFolders
{
    /// <summary>The folder of a suite's search, below that of the suite.</summary>
    public const string Tuning = "tuning";

    /// <summary>Whether a folder is that of one suite.</summary>
    public static bool IsSuite(string folder) => Directory.Exists(Path.Combine(folder, "trials"));

    /// <summary>Returns the suites by name, each before its search; none if the folder is missing.</summary>
    /// <param name="results">The folder with one folder per suite.</param>
    public static IReadOnlyList<SuiteFolder> Of(string results) => Directory.Exists(results)
        ? [.. Directory.GetDirectories(results).Order(StringComparer.Ordinal).SelectMany(folder => One(folder))] : [];

    /// <summary>Returns the suite of one folder and its search, whichever holds trials.</summary>
    public static IReadOnlyList<SuiteFolder> One(string folder)
    {
        var (path, search) = (Path.GetFullPath(folder), Path.Combine(Path.GetFullPath(folder), Tuning));
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        List<SuiteFolder> found = [];
        if (IsSuite(path)) found.Add(new(name, new ResultStore(path)));
        if (IsSuite(search)) found.Add(new($"{name}/{Tuning}", new ResultStore(search)));
        return found;
    }
}
