using System.Diagnostics;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Processes;

/// <summary>
/// The minidump (mostly stacks) that the runtime writes when a process of this program dies in native code: crash-PROCESS.dmp in a folder
/// that the caller chooses. Environment variables enable it, and they must be set when the process starts. Settings of the user take
/// precedence.
/// </summary>
internal static class CrashDump
{
    private const string Pattern = "crash-*.dmp";

    /// <summary>Signals ILL, TRAP, ABRT, BUS, FPE and SEGV as exit codes.</summary>
    private static readonly int[] DeadlySignals = [128 + 4, 128 + 5, 128 + 6, 128 + 7, 128 + 8, 128 + 11];

    private static readonly string[] HeapDamage =
        ["free(): ", "malloc(): ", "malloc_consolidate(): ", "realloc(): ", "munmap_chunk(): ", "double free or corruption", "corrupted "];

    /// <summary>Whether the user has configured dumps.</summary>
    public static bool IsUsersOwn => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Any(name => name.StartsWith("DOTNET_Dbg", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("COMPlus_Dbg", StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the environment variables that enable the dump.</summary>
    /// <param name="path">Of the dump; %p is the process id and %% a percent sign.</param>
    public static IReadOnlyList<(string Name, string Value)> Variables(string path) =>
        [("DOTNET_DbgEnableMiniDump", "1"), ("DOTNET_DbgMiniDumpType", "1"), ("DOTNET_DbgMiniDumpName", path)];

    /// <summary>Enables the dump of a process to be started, in a folder.</summary>
    public static void Ask(ProcessStartInfo start, string folder)
    {
        if (IsUsersOwn) return;
        var path = Path.Combine(Path.GetFullPath(folder).Replace("%", "%%", StringComparison.Ordinal), "crash-%p.dmp");
        foreach (var (name, value) in Variables(path)) start.Environment[name] = value;
    }

    /// <summary>Whether an exit code means a crash in native code, not a requested end.</summary>
    /// <param name="code">128 + signal on POSIX; a negative NTSTATUS on Windows.</param>
    public static bool IsDeath(int code) => OperatingSystem.IsWindows() ? code < -1 : DeadlySignals.Contains(code);

    /// <summary>Whether the GNU C library writes this line before it aborts because of a damaged heap.</summary>
    public static bool IsHeapDamage(string? line) =>
        line is not null && HeapDamage.Any(start => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Returns the paths of the dumps in a folder; none if it is missing or unreadable.</summary>
    public static IReadOnlySet<string> In(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(Path.GetFullPath(folder), Pattern).ToHashSet() : new HashSet<string>();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HashSet<string>();
        }
    }

    /// <summary>Describes where the dump of a dead process is, or why there is none, and deletes earlier dumps.</summary>
    /// <param name="earlier">Result of <see cref="In"/> before the process was started.</param>
    public static string Describe(string folder, IReadOnlySet<string> earlier)
    {
        if (IsUsersOwn) return "its dump, if any, is where your DOTNET_Dbg settings put it";
        if (In(folder).Except(earlier).Select(path => new FileInfo(path)).MaxBy(file => file.LastWriteTimeUtc) is not { } dump)
        {
            return $"no dump could be written to {Path.GetFullPath(folder)}: that needs createdump beside the .NET runtime, "
                + "permission to trace a process (ptrace), and disk space";
        }

        foreach (var old in In(folder).Where(path => path != dump.FullName)) TryDelete(old);
        return $"its dump is {dump.FullName} ({dump.Length / 1048576.0:F1} MiB)";
    }

    private static void TryDelete(string path)
    {
        try
        {
            PatientFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // an old dump is harmless
        }
    }
}
