namespace Ablation.Harness.Formats;

/// <summary>
/// Names of folders and files that file servers, desktops and tools make for themselves; none is an identity or a picture.
/// </summary>
internal static class SystemNames
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        // Synology, QNAP, NetApp
        "@eaDir", "@tmp", "@sharebin", "@Recycle", "@Recently-Snapshot", "@SynoResource", "#recycle", "#snapshot", "@__thumb", "~snapshot",
            ".snapshot",
        // Windows
        "$RECYCLE.BIN", "RECYCLER", "System Volume Information", "Thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini",
            "found.000",
        "__MACOSX", "Network Trash Folder", "TheVolumeSettingsFolder", "Temporary Items", "Icon\r", // macOS
        "lost+found", "__pycache__", "@SynoEAStream",
    };

    /// <summary>Whether a file or folder of this name is skipped: a system's own, or one that begins with a point (hidden; ._* are macOS's
    /// resource forks).</summary>
    public static bool Has(string name) =>
        name.StartsWith('.') || Known.Contains(name) || name.EndsWith("@SynoEAStream", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("@SynoResource", StringComparison.OrdinalIgnoreCase);
}
