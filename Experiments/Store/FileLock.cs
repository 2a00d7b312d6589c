using System.Diagnostics;

namespace Ablation.Experiments.Store;

/// <summary>
/// A file that only one handle can have open. The system frees it when the process ends for any reason. On a file system without locks (as
/// on some clusters) every opening succeeds, and only the order of renames protects what it guards.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Opens the file; null if another handle has it.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason; also
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

    /// <summary>Waits until the file is free, and opens it.</summary>
    /// <exception cref="IOException">The file was not free in time, or cannot be opened.</exception>
    public static FileStream Wait(string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (TryOpen(path) is { } held) return held;
            if (clock.Elapsed > Patience)
                throw new IOException(
                    $"another process has had {path} open for {Patience.TotalSeconds:F0} s instead of a moment; check whether it is " +
                    $"stopped, or the file server is down");
            Thread.Sleep(Pace);
        }
    }

    /// <summary>Whether another handle has the file; false if there is no such file. Does not keep it open.</summary>
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
            return true; // or a disk error, in which case it may not be free
        }
    }

    /// <summary>
    /// Whether it is a sharing or lock violation on Windows, or EWOULDBLOCK on Linux (11) or macOS (35), where HResult is the errno.
    /// </summary>
    private static bool IsHeldByAnother(IOException e) =>
        OperatingSystem.IsWindows() ? e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) : e.HResult is 11 or 35;
}
