using System.Diagnostics;

namespace Ablation.Experiments.Store;

/// <summary>
/// A file that one handle at a time has open; the system frees it when the process ends, however it ends. On a file system without
/// locks (some of clusters) every opening succeeds, and what it guards is then guarded by the order of its renames alone.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>Null where another handle has it.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason; so too
    /// <see cref="UnauthorizedAccessException"/>.</exception>
    public static FileStream? TryOpen(string path, FileOptions options = FileOptions.None)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, options);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return null;
        }
    }

    /// <summary>Waits until it is free.</summary>
    /// <param name="patience">After it, an error.</param>
    /// <exception cref="IOException">It was not free in time; names the file. Or it cannot be opened.</exception>
    public static FileStream Wait(string path, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (TryOpen(path) is { } held) return held;
            if (clock.Elapsed > patience)
                throw new IOException(
                    $"another process has had {path} open for {patience.TotalSeconds:F0} s, which takes moments otherwise; is it " +
                    $"stopped, or the file server down?");
            Thread.Sleep(Pace);
        }
    }

    /// <summary>Whether another handle has it; false where there is no such file. Takes nothing.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false; // the last: Windows, while the file is being deleted
        }
        catch (IOException)
        {
            return true; // or the disk does not answer: then it is not known to be free
        }
    }

    /// <summary>
    /// A sharing or lock violation on Windows; EWOULDBLOCK of Linux (11) and macOS (35), where .NET's HResult is the errno.
    /// </summary>
    private static bool IsHeldByAnother(IOException e) =>
        OperatingSystem.IsWindows() ? e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) : e.HResult is 11 or 35;
}
