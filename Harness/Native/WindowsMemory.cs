using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// The memory of a process on Windows. Its commit charge (PrivateMemorySize64) is of no use for a limit: the driver charges a GPU's memory
/// to it, and addresses that are reserved but never touched.
/// </summary>
internal static partial class WindowsMemory
{
    /// <summary>Returns the bytes in memory that belong to this process alone. Before Windows 10 22H2 it is all that is in memory, or the
    /// commit charge if that is less.</summary>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public static long PrivateResident(Process process)
    {
        var counters = new Counters { Size = (uint)Marshal.SizeOf<Counters>() };
        if (GetProcessMemoryInfo(process.Handle, ref counters, counters.Size) && counters.PrivateWorkingSet > 0)
            return (long)counters.PrivateWorkingSet;
        process.Refresh();
        return Math.Min(process.WorkingSet64, process.PrivateMemorySize64);
    }

    [LibraryImport("kernel32", EntryPoint = "K32GetProcessMemoryInfo")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetProcessMemoryInfo(nint process, ref Counters counters, uint size);

    /// <summary>PROCESS_MEMORY_COUNTERS_EX2.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Counters
    {
        public uint Size, PageFaults;
        public nuint PeakWorkingSet, WorkingSet, PeakPagedPool, PagedPool, PeakNonPagedPool, NonPagedPool, Pagefile, PeakPagefile,
            PrivateUsage, PrivateWorkingSet;
        public ulong SharedCommit;
    }
}
