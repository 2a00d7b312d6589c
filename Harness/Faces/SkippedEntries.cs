using Ablation.Harness.Formats;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>Counts what a walk through folders skipped, for a note.</summary>
internal sealed class SkippedEntries
{
    private const int Shown = 8;
    private readonly SortedDictionary<string, int> files = new(StringComparer.Ordinal); // by extension
    private readonly SortedDictionary<string, int> systems = new(StringComparer.Ordinal); // by name
    private readonly List<string> links = [];
    private readonly List<string> images = []; // that are links

    /// <summary>Number of files that are neither pictures nor a system's own.</summary>
    public int Files { get; private set; }

    /// <summary>Counts a file without an image's extension.</summary>
    public void AddFile(string name)
    {
        Files++;
        var extension = Path.GetExtension(name).ToLowerInvariant();
        Count(files, extension.Length > 1 ? extension : "no extension");
    }

    /// <summary>Counts a file or folder of <see cref="SystemNames"/>.</summary>
    public void AddSystem(string name) => Count(systems, name.StartsWith("._", StringComparison.Ordinal) ? "._*" : name);

    /// <summary>Adds a link to a folder that is read already, or lies above.</summary>
    public void AddLink(string path, string target) => links.Add($"{path} to {target}");

    /// <summary>Adds a picture that is a link to another one of the set; it is read.</summary>
    public void AddLinkedImage(string path) => images.Add(path);

    /// <summary>Returns one line per kind that was skipped.</summary>
    public IEnumerable<string> Lines()
    {
        if (Files > 0) yield return $"{Files} files are skipped: {Listed(files)}; read are {string.Join(' ', ImageDecoder.Extensions)}";
        if (systems.Count > 0) yield return $"{systems.Values.Sum()} system or hidden files and folders are skipped: {Listed(systems)}";
        if (links.Count > 0)
            yield return $"{links.Count} links to folders are not followed, since their pictures would be read twice: " +
                $"{string.Join(", ", links.Take(Shown))}{(links.Count > Shown ? ", ..." : "")}";
        foreach (var line in Linked()) yield return line;
    }

    private IEnumerable<string> Linked()
    {
        if (images.Count > 0)
            yield return $"{images.Count} pictures are links to pictures of the same set, which count twice: " +
                $"{string.Join(", ", images.Take(Shown))}{(images.Count > Shown ? ", ..." : "")}";
    }

    private static string Listed(SortedDictionary<string, int> counts)
    {
        var most = counts.OrderByDescending(one => one.Value).Take(Shown).Select(one => $"{one.Key.TrimEnd('\r')} {one.Value}");
        return string.Join(", ", most) + (counts.Count > Shown ? ", ..." : "");
    }

    private static void Count(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
