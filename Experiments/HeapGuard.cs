using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ablation.Experiments;

/// <summary>
/// Ends this process where the C library has found its heap damaged and the runtime, asked for a dump, waits for that heap's lock: it
/// allocates in its handler of SIGABRT, which the thread that holds the lock has raised. Without it such a crash would stand still for ever.
/// </summary>
internal static class HeapGuard
{
    private const int Aborted = 128 + 6;
    private const int Large = 1 << 16; // small blocks come from a thread's own cache, without the lock
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private const int Patience = 30; // looks, not seconds: a process that is stopped does not look
    private static long turns;

    /// <summary>Where this process is to leave a dump; Linux.</summary>
    public static void Start()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DOTNET_DbgEnableMiniDump") != "1") return;
        if (!NativeLibrary.TryLoad("libc.so.6", out var library) || !NativeLibrary.TryGetExport(library, "_exit", out var exit)) return;
        new Thread(Allocate) { IsBackground = true, Name = "heap" }.Start();
        new Thread(() => Look(exit)) { IsBackground = true, Name = "heap guard" }.Start();
    }

    private static unsafe void Allocate()
    {
        for (; ; Thread.Sleep(Pace))
        {
            NativeMemory.Free(NativeMemory.Alloc(Large));
            Interlocked.Increment(ref turns);
        }
    }

    /// <summary>Allocates nothing; so it is compiled whole before it runs, and calls the C library without a stub.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Look(nint exit)
    {
        var (seen, same) = (-1L, 0);
        for (; ; Thread.Sleep(Pace))
        {
            var now = Interlocked.Read(ref turns);
            (seen, same) = (now, now == seen ? same + 1 : 0);
            if (same >= Patience) ((delegate* unmanaged[Cdecl, SuppressGCTransition]<int, void>)exit)(Aborted);
        }
    }
}
