using System.Diagnostics;

namespace Ablation.Harness.Foundations;

/// <summary>
/// Moves and deletes files. On Windows a virus scanner or an indexer opens new files for a moment, and meanwhile they cannot be moved,
/// replaced or deleted; these methods try again for <see cref="Patience"/>. The system's own methods are used nowhere else.
/// </summary>
public static class PatientFile
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <exception cref="IOException">As <see cref="File.Move(string, string, bool)"/>, also the other exceptions.</exception>
    public static void Move(string from, string to, bool overwrite = false) => Persist(() => File.Move(from, to, overwrite));

    /// <summary>Does nothing if there is no such file.</summary>
    /// <exception cref="IOException">As <see cref="File.Delete"/>, also the other exceptions.</exception>
    public static void Delete(string path) => Persist(() => File.Delete(path));

    /// <exception cref="IOException">As <see cref="Directory.Move"/>, also the other exceptions.</exception>
    public static void MoveFolder(string from, string to) => Persist(() => Directory.Move(from, to));

    /// <summary>Deletes a folder, with its content if <paramref name="recursive"/>; does nothing if there is none.</summary>
    /// <exception cref="IOException">As <see cref="Directory.Delete(string, bool)"/>, also the other exceptions.</exception>
    public static void DeleteFolder(string path, bool recursive = false) => Persist(() =>
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive);
    });

    private static void Persist(Action act) => Persist(act, OperatingSystem.IsWindows() ? IsMomentary : _ => false, Patience);

    /// <summary>Repeats <paramref name="act"/> while it throws what <paramref name="isMomentary"/> accepts, until
    /// <paramref name="patience"/> is over.</summary>
    internal static void Persist(Action act, Func<Exception, bool> isMomentary, TimeSpan patience)
    {
        for (var clock = Stopwatch.StartNew(); ; Thread.Sleep(Pace))
        {
            try
            {
                act();
                return;
            }
            catch (Exception e) when (clock.Elapsed < patience && isMomentary(e))
            {
                // another program has it open
            }
        }
    }

    /// <summary>Whether the error, on Windows, may come from another program that has the file open.</summary>
    internal static bool IsMomentary(Exception e) => e is UnauthorizedAccessException
        || (e is IOException && (e.HResult & 0xFFFF) is 32 or 33 or 145 or 1224); // sharing, lock, folder not empty yet, mapped
}
