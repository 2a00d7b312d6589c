using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>Decides which links to folders a walk follows: each place is read once, so that no loop and no second path to a picture
/// counts it again.</summary>
internal sealed class FolderLinks(string root)
{
    private readonly Lazy<string> realRoot = new(() => Real(root));
    private readonly HashSet<string> followed = new(NamesOnDisk.Comparer);
    private readonly HashSet<string> above = new(NamesOnDisk.Comparer); // all folders above those

    /// <summary>Whether the link may be followed; from then on its target counts as read.</summary>
    /// <param name="target">Where it leads.</param>
    public bool Follow(string link, out string target)
    {
        try
        {
            target = Real(link);
        }
        catch (IOException)
        {
            target = "nowhere: it leads in a circle";
            return false;
        }

        if (above.Contains(target) || followed.Contains(target) || Above(target).Any(followed.Contains)) return false;
        if (target.Equals(realRoot.Value, Comparison) || Above(target).Contains(realRoot.Value, NamesOnDisk.Comparer)
            || Above(realRoot.Value).Contains(target, NamesOnDisk.Comparer)) return false;
        followed.Add(target);
        above.UnionWith(Above(target));
        return true;
    }

    /// <summary>Whether a link to a file leads to a place below the root.</summary>
    public bool IsWithin(string link)
    {
        try
        {
            return Above(Real(link)).Contains(realRoot.Value, NamesOnDisk.Comparer);
        }
        catch (IOException)
        {
            return false; // it leads nowhere: reading says so
        }
    }

    private static StringComparison Comparison =>
        NamesOnDisk.Comparer == StringComparer.Ordinal ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder)) yield return folder;
    }

    /// <summary>Returns the path with every link resolved.</summary>
    private static string Real(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent) return full;
        var here = Path.Combine(Real(parent), Path.GetFileName(full));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true) is { } target && target.FullName != here
            ? Real(target.FullName) : here;
    }
}
