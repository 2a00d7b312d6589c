using System.Diagnostics;
using System.Runtime.InteropServices;
using Ablation.Harness.Native;

namespace Ablation.Tests.Commands;

/// <summary>The program in a process, as users start it; it is in the tests' output folder.</summary>
internal sealed partial class Cli : IDisposable
{
    public const int HangUp = 1, Interrupt = 2, Kill = 9, Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly List<string> lines = [];

    private Cli(string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var command = Program();
        var start = ChildProcess.Describe(command[0], [.. command[1..], .. arguments]);
        start.WorkingDirectory = folder;
        start.Environment.Remove("ABLATION_DATA"); // the tests' suites have their own data folders
        start.Environment["ABLATION_CACHE"] = Path.Combine(AppContext.BaseDirectory, "ablation-cache"); // not the user's cache
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        process = ChildProcess.StartWithoutInput(start);
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Why a signal cannot be tested.</summary>
    public const string Deaf = "the signal is ignored here, as in the background of a script or under nohup, and the program inherits that";

    /// <summary>Whether child processes receive a signal; SIGINT not if a script started this process in the background.</summary>
    public static bool Hears(int signal) => !OperatingSystem.IsLinux() || (Ignored() & (1UL << (signal - 1))) == 0;

    public string Output => string.Join('\n', lines);

    public string Errors => errors.Result;

    public static Cli Start(string folder, params string[] arguments) => new(folder, arguments);

    /// <summary>Returns what starts the program, its arguments left out.</summary>
    public static string[] Program()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ablation.dll");
        Assert.That(program, Does.Exist, "the program is built with the tests that refer to it");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows()
            ? "dotnet.exe" : "dotnet"));
        // tests that were published with their own runtime have no dotnet, but the program's executable
        return File.Exists(dotnet) ? [dotnet, program] : [Path.ChangeExtension(program, OperatingSystem.IsWindows() ? "exe" : null)];
    }

    /// <summary>Starts the program with environment variables.</summary>
    public static Cli Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(folder, arguments, environment);

    /// <summary>Starts the program and waits for its end.</summary>
    public static (int Code, string Output, string Errors) Run(string folder, params string[] arguments)
    {
        using var cli = new Cli(folder, arguments);
        var code = cli.End();
        return (code, cli.Output, cli.Errors);
    }

    /// <summary>Reads until a line starts with the text.</summary>
    public void WaitFor(string start) => WaitFor(line => line.StartsWith(start, StringComparison.Ordinal), start);

    /// <summary>Reads until a line contains the text.</summary>
    public void WaitForText(string part) => WaitFor(line => line.Contains(part, StringComparison.Ordinal), part);

    private void WaitFor(Predicate<string> isThere, string what)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (isThere(line)) return;
        }

        Assert.Fail($"the program ended before \"{what}\":\n{Output}\n{Errors}");
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public int End()
    {
        while (process.StandardOutput.ReadLine() is { } line) lines.Add(line);
        Assert.That(process.WaitForExit(Patience), "the program did not end");
        return process.ExitCode;
    }

    /// <summary>SIGINT is 2, SIGTERM 15, SIGKILL 9.</summary>
    public void Signal(int signal) => Assert.That(kill(process.Id, signal), Is.Zero);

    /// <summary>Signals another process; one that has ended is no error. Signal 0 checks whether it runs.</summary>
    /// <returns>Whether the process existed.</returns>
    public static bool Signal(int process, int signal) => kill(process, signal) == 0;

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    /// <summary>The signals that this process ignores, one bit per signal from signal 1.</summary>
    private static ulong Ignored()
    {
        const string Key = "SigIgn:";
        return Convert.ToUInt64(File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..].Trim(), 16);
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
