using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>Ends a process with all that it started, and measures it.</summary>
public static partial class ProcessTree
{
    private const int SigKill = 9, SigTerm = 15;

    /// <summary>
    /// Puts this process into a group of its own, so that it can be ended with its children and does not receive a Ctrl-C from the
    /// terminal of its parent. Does nothing on Windows.
    /// </summary>
    public static void LeadOwnGroup()
    {
        if (!OperatingSystem.IsWindows()) _ = setpgid(0, 0);
    }

    /// <summary>Asks a process to end (SIGTERM). Does nothing on Windows.</summary>
    public static void Terminate(Process process)
    {
        if (!OperatingSystem.IsWindows()) _ = kill(process.Id, SigTerm);
    }

    /// <summary>Ends it at once: its group on POSIX, its descendants elsewhere. It may have ended already.</summary>
    public static void Kill(Process process)
    {
        try
        {
            if (process.HasExited) return;
            // no group of its own yet
            if (OperatingSystem.IsWindows() || kill(-process.Id, SigKill) != 0) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // it has ended in the meantime
        }
    }

    /// <summary>
    /// Returns the bytes of a process's own memory, without mapped files and a GPU's memory; null if it has ended or the system
    /// does not report them.
    /// </summary>
    public static long? OwnBytes(Process process)
    {
        try
        {
            if (OperatingSystem.IsWindows()) return WindowsMemory.PrivateResident(process);
            if (!OperatingSystem.IsLinux())
            {
                process.Refresh();
                return process.WorkingSet64;
            }

            long? sum = null;
            foreach (var line in File.ReadLines($"/proc/{process.Id}/status"))
            {
                if (!line.StartsWith("RssAnon:", StringComparison.Ordinal) && !line.StartsWith("RssShmem:", StringComparison.Ordinal))
                    continue;
                sum = (sum ?? 0)
                    + (long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim()
                        .TrimEnd("kB"), NumberStyles.AllowTrailingWhite) << 10);
            }

            return sum;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException
            or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Returns the time on processors; null if it has ended or the system does not report it.</summary>
    public static TimeSpan? ProcessorTime(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or NotSupportedException
            or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// Counts the processes that the kernel has ended for lack of memory since boot; null if the system does not report it.
    /// </summary>
    public static long? KernelOutOfMemoryKills()
    {
        try
        {
            return OperatingSystem.IsLinux()
                && File.ReadLines("/proc/vmstat").FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)) is { } line
                ? long.Parse(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc")]
    private static partial int setpgid(int process, int group);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
