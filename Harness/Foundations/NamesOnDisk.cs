using System.Collections.Concurrent;
using System.Text;

namespace Ablation.Harness.Foundations;

/// <summary>Finds files whose names on disk have another Unicode form than in a list: macOS decomposes the names that it writes.
/// Thread-safe.</summary>
internal sealed class NamesOnDisk
{
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> entries = new(StringComparer.Ordinal);

    /// <summary>Compares paths as the system usually does: with or without regard to case.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Returns one spelling for all spellings of a path below a root: "./a//b.jpg", "a/c/../b.jpg" and "a\b.jpg" become "a/b.jpg",
    /// in one Unicode form.</summary>
    public static string Spelling(string root, string path)
    {
        path = path.Replace('\\', '/');
        if (path.StartsWith('.') || path.Contains("//", StringComparison.Ordinal) || path.Contains("/.", StringComparison.Ordinal)
            || Path.IsPathRooted(path))
            path = Path.GetRelativePath(root, Path.GetFullPath(path, Path.GetFullPath(root))).Replace('\\', '/');
        return UnicodeForm.Decomposed(path);
    }

    /// <summary>Returns the path as it is on disk, exactly or in another form; null if it does not exist.</summary>
    public string? Find(string path)
    {
        if (Path.Exists(path)) return path;
        if (Ascii.IsValid(path)) return null;
        var parts = new Stack<string>();
        var known = path;
        while (!Directory.Exists(known))
        {
            parts.Push(Path.GetFileName(known));
            if (Path.GetDirectoryName(known) is not { Length: > 0 } above) return null;
            known = above;
        }

        while (parts.TryPop(out var part))
        {
            var next = Path.Combine(known, part);
            if (!Path.Exists(next))
            {
                if (!Directory.Exists(known) || !Entries(known).TryGetValue(UnicodeForm.Decomposed(part), out var actual)) return null;
                next = Path.Combine(known, actual);
            }

            known = next;
        }

        return known;
    }

    private Dictionary<string, string> Entries(string folder) => entries.GetOrAdd(folder, static folder =>
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
            names.TryAdd(UnicodeForm.Decomposed(Path.GetFileName(path)), Path.GetFileName(path));
        return names;
    });
}
