using System.Diagnostics;
using System.Globalization;

namespace Ablation.Harness.Provenance;

/// <summary>Reads the peak resident memory of this process.</summary>
public static class PeakResident
{
    private const string Field = "VmHWM:";

    /// <summary>Returns bytes; null if the system does not report it.</summary>
    public static long? Measure()
    {
        if (OperatingSystem.IsLinux()) return File.Exists("/proc/self/status") ? Read(File.ReadLines("/proc/self/status")) : null;
        if (!OperatingSystem.IsWindows()) return null;
        using var own = Process.GetCurrentProcess();
        return own.PeakWorkingSet64;
    }

    /// <summary>Reads bytes from the lines of /proc/PID/status, which counts in KiB.</summary>
    public static long? Read(IEnumerable<string> status)
    {
        var cells = status.FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))?.Split((char[]?)null,
            StringSplitOptions.RemoveEmptyEntries);
        return cells is [_, var number, "kB"] && long.TryParse(number, NumberStyles.None, null, out var kibibytes) ? kibibytes << 10 : null;
    }
}
