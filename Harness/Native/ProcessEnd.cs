using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Ablation.Harness.Native;

/// <summary>
/// Ends this process while other threads are at work. Environment.Exit would run the destructors of native libraries under threads that
/// use them, and may crash or wait for ever in them.
/// </summary>
public static partial class ProcessEnd
{
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(400);

    /// <param name="first">Done before, as far as it is done in half a second: the reader of a pipe may be asleep.</param>
    [DoesNotReturn]
    public static void Now(int code, Action first)
    {
        var words = new Thread(() => Say(first)) { IsBackground = true };
        words.Start();
        words.Join(LastWords);
        if (OperatingSystem.IsWindows()) TerminateProcess(GetCurrentProcess(), (uint)code);
        else Exit(code);
        throw new InvalidOperationException("the system did not end this process");
    }

    private static void Say(Action first)
    {
        try
        {
            first();
            if (!Console.IsOutputRedirected) Console.Write("\u001b[?25h"); // a view may have hidden the cursor
            Console.Out.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // nobody is left to tell
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
