namespace Ablation.Experiments.Store;

/// <summary>Checks whether results can be written to a folder, and leaves nothing there.</summary>
public static class ResultsFolder
{
    /// <summary>
    /// Returns why nothing can be written below a folder, and a remedy; null if it is writable. Checks the nearest existing parent of a
    /// folder that does not exist.
    /// </summary>
    public static string? Problem(string folder)
    {
        var full = Path.GetFullPath(folder);
        for (var at = full; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at)) return $"--results: {at} is a file; name a folder";
            if (Directory.Exists(at))
                return Unwritable(at) is { } why ? $"--results: nothing can be written in {at} ({why}); name another folder" : null;
        }

        return $"--results: {full} is on a drive that does not exist; name another folder";
    }

    private static string? Unwritable(string folder)
    {
        var path = Path.Combine(folder, $".ablation-{Guid.NewGuid():N}.tmp");
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
