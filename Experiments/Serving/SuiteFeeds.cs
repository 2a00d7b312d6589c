using System.Collections.Concurrent;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Serving;

/// <summary>The suites of a folder of results. A name is looked up among the folders that are there, so that no path can be asked
/// for.</summary>
/// <param name="results">The folder of all results, or of one suite.</param>
/// <param name="plan">Reads which trials belong to a suite, from its folder.</param>
public sealed class SuiteFeeds(string results, Func<string, SuitePlanned?> plan)
{
    private readonly ConcurrentDictionary<string, SuiteFeed> feeds = new(StringComparer.Ordinal);

    public string Folder { get; } = Path.GetFullPath(results);

    /// <summary>Returns all suites in the order of their names.</summary>
    public IReadOnlyList<SuiteFeed> All() =>
    [
        .. Folders().OrderBy(Path.GetFileName, StringComparer.Ordinal)
            .Select(folder => feeds.GetOrAdd(Path.GetFileName(folder), _ => new SuiteFeed(folder, () => plan(folder)))),
    ];

    /// <summary>Returns a suite; null if there is none of this name.</summary>
    public SuiteFeed? Find(string name) => All().FirstOrDefault(feed => feed.Name == name);

    private IEnumerable<string> Folders()
    {
        if (IsSuite(Folder)) return [Folder];
        return Directory.Exists(Folder) ? Directory.GetDirectories(Folder).Where(IsSuite) : [];
    }

    private static bool IsSuite(string folder) =>
        Directory.Exists(Path.Combine(folder, "trials")) || File.Exists(Path.Combine(folder, RunPart.FileName));
}
