using System.Diagnostics;
using System.Runtime.InteropServices;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Native;

/// <summary>What .ci/windows needs inside Windows or Wine and no shell there offers.</summary>
internal static partial class WindowsAids
{
    public const string Hold = "hold", InterruptAfter = "interrupt-after", Pack = "pack";

    /// <summary>Writes a RecordIO pack of six identities with five pictures each.</summary>
    public static int WritePack(string folder)
    {
        Directory.CreateDirectory(folder);
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i / 5)];
        RecordIoWriter.WithHeader(labels, seed => Pictures.Jpeg(Pictures.Smooth(seed))).Save(folder, property: "6,24,32");
        return 0;
    }

    /// <summary>Keeps a file open as a program that shows it does, which lets others read it, until a second file appears.</summary>
    public static int HoldOpen(string path, string until)
    {
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            Console.WriteLine("held");
            while (!File.Exists(until)) Thread.Sleep(50);
        }

        return 0;
    }

    /// <summary>
    /// Starts a command in this process's console and presses Ctrl-C there once a file that matches exists below a folder.
    /// </summary>
    /// <param name="command">Folder, pattern, program, its arguments.</param>
    /// <returns>The command's exit code.</returns>
    public static int Interrupt(IReadOnlyList<string> command)
    {
        if (!OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("a console's Ctrl-C is pressed on Windows only");
        var start = new ProcessStartInfo(command[2], command.Skip(3)) { UseShellExecute = false };
        using var process = Process.Start(start)!;
        while (!process.HasExited && !Exists(command[0], command[1])) Thread.Sleep(20);
        SetConsoleCtrlHandler(0, true); // this process ignores what it sends
        var clock = Stopwatch.StartNew();
        if (!process.HasExited && !GenerateConsoleCtrlEvent(0, 0))
            throw new IOException($"Ctrl-C could not be sent: error {Marshal.GetLastPInvokeError()}");
        process.WaitForExit();
        Console.WriteLine($"exit code {process.ExitCode}, {clock.Elapsed.TotalSeconds:F1} s after Ctrl-C");
        return process.ExitCode;
    }

    private static bool Exists(string folder, string pattern) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Any();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleCtrlHandler(nint handler, [MarshalAs(UnmanagedType.Bool)] bool add);
}
