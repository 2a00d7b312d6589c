namespace Ablation.Experiments.Serving;

/// <summary>The files of a suite's report: what a browser shows, from its folder and that of its plots, and nothing else.</summary>
internal static class ReportFiles
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".md"] = "text/plain; charset=utf-8",
        [".csv"] = "text/plain; charset=utf-8",
        [".tex"] = "text/plain; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".jsonc"] = "text/plain; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".pdf"] = "application/pdf",
    };

    /// <summary>Returns the file's full path and its type; null if there is none, it is of another kind, or it lies elsewhere.</summary>
    /// <param name="folder">The suite's folder of results.</param>
    /// <param name="path">Relative to it, with "/".</param>
    public static (string Path, string Type)? Find(string folder, string path)
    {
        var parts = path.Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || part.StartsWith('.') || part.AsSpan().IndexOfAny("\\:\0") >= 0))
            return null;
        if (!Types.TryGetValue(Path.GetExtension(parts[^1]), out var type)) return null;
        var at = Path.GetFullPath(folder);
        foreach (var part in parts)
        {
            at = Path.Combine(at, part);
            var info = part == parts[^1] ? (FileSystemInfo)new FileInfo(at) : new DirectoryInfo(at);
            if (!info.Exists || info.LinkTarget is not null) return null; // a link may lead anywhere
        }

        return (at, type);
    }
}
