using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// Ends this process while other threads are at work. Environment.Exit would run destructors of native libraries while threads use them,
/// and may crash or hang in them.
/// </summary>
public static partial class ProcessEnd
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    /// <param name="first">Run first, for at most half a second: the reader of a pipe may be stopped.</param>
    [DoesNotReturn]
    public static void Now(int code, Action first)
    {
        var finishing = new Thread(() => Finish(first)) { IsBackground = true };
        finishing.Start();
        finishing.Join(Grace);
        if (OperatingSystem.IsWindows()) TerminateProcess(GetCurrentProcess(), (uint)code);
        else Exit(code);
        throw new InvalidOperationException("the system did not end this process");
    }

    private static void Finish(Action first)
    {
        try
        {
            first();
            if (!Console.IsOutputRedirected) Console.CursorVisible = true; // a view may have hidden it
            Console.Out.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // nothing is left to report to
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint code);
}
