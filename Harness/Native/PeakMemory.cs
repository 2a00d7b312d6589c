namespace Ablation.Harness.Native;

/// <summary>
/// Measures the peak memory that an action adds to the process, by the kernel's count of resident pages. Linux with the GNU C library
/// only, since the peak cannot be reset elsewhere.
/// </summary>
internal static class PeakMemory
{
    /// <summary>Returns the bytes of the peak above what was in use before; null where it cannot be measured.</summary>
    public static long? Measure(Action action)
    {
        if (!OperatingSystem.IsLinux()) return null;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (!HeapTrim.Run()) return null;
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // resets the peak (proc(5))
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var before = Kilobytes("VmRSS:");
        action();
        return Math.Max(0, Kilobytes("VmHWM:") - before) * 1024;
    }

    private static long Kilobytes(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
