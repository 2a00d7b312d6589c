using System.Diagnostics;

namespace Ablation.Tests.Faults;

/// <summary>
/// A file system of a few hundred kilobytes in memory. Without the right to mount, the test is skipped with that reason.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private SmallDisk()
    {
    }

    public string Path => folder.Path;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    public static SmallDisk Mount(long bytes)
    {
        var disk = new SmallDisk();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", disk.Path)) return disk;
        disk.folder.Dispose();
        Assert.Ignore("no right to mount a small file system here");
        return disk;
    }

    /// <summary>Fills the disk except for the given number of bytes.</summary>
    public void Fill(long leave)
    {
        var free = new DriveInfo(Path).AvailableFreeSpace;
        if (free > leave) File.WriteAllBytes(Filler, new byte[free - leave]);
    }

    /// <summary>Frees the space and enlarges the disk.</summary>
    public void Empty()
    {
        File.Delete(Filler);
        Assert.That(Run("mount", "-o", "remount,size=64m", Path));
    }

    public void Dispose()
    {
        Run("umount", Path);
        folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // the program is missing
        }
    }
}
