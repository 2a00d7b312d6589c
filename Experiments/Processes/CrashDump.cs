using System.Diagnostics;

namespace Ablation.Experiments.Processes;

/// <summary>
/// The small dump (stacks and little else) that the runtime leaves of a process of this program that dies in native code:
/// crash-PROCESS.dmp in a folder of the caller's. Variables ask for it, which only a process that is started with them sees.
/// The user's own settings of that kind win.
/// </summary>
internal static class CrashDump
{
    private const string Pattern = "crash-*.dmp";

    /// <summary>Signals ILL, TRAP, ABRT, BUS, FPE and SEGV as exit codes.</summary>
    private static readonly int[] DeadlySignals = [128 + 4, 128 + 5, 128 + 6, 128 + 7, 128 + 8, 128 + 11];

    private static readonly string[] HeapDamage =
        ["free(): ", "malloc(): ", "malloc_consolidate(): ", "realloc(): ", "munmap_chunk(): ", "double free or corruption", "corrupted "];

    /// <summary>Whether the user has said where dumps go, or that there are none.</summary>
    public static bool IsUsersOwn => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Any(name => name.StartsWith("DOTNET_Dbg", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("COMPlus_Dbg", StringComparison.OrdinalIgnoreCase));

    /// <summary>The variables, by name.</summary>
    /// <param name="path">Of the dump, where %p is the process and %% a percent sign.</param>
    public static IReadOnlyList<(string Name, string Value)> Variables(string path) =>
        [("DOTNET_DbgEnableMiniDump", "1"), ("DOTNET_DbgMiniDumpType", "1"), ("DOTNET_DbgMiniDumpName", path)];

    /// <summary>Has a process that is about to be started leave its dump in a folder.</summary>
    public static void Ask(ProcessStartInfo start, string folder)
    {
        if (IsUsersOwn) return;
        var path = Path.Combine(Path.GetFullPath(folder).Replace("%", "%%", StringComparison.Ordinal), "crash-%p.dmp");
        foreach (var (name, value) in Variables(path)) start.Environment[name] = value;
    }

    /// <summary>Whether a process that ends with this code has died in native code, and not by somebody's will.</summary>
    /// <param name="code">128 + the signal on POSIX; an NTSTATUS, which is negative, on Windows.</param>
    public static bool IsDeath(int code) => OperatingSystem.IsWindows() ? code < -1 : DeadlySignals.Contains(code);

    /// <summary>Whether a line is what the GNU C library writes before it aborts over a damaged heap.</summary>
    public static bool IsHeapDamage(string? line) =>
        line is not null && HeapDamage.Any(start => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Dumps that are there, by path. Of a folder that is not there or cannot be read, none.</summary>
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

    /// <summary>Says where the dump of a process that has died lies, or why there is none, and deletes those before it.</summary>
    /// <param name="earlier">What <see cref="In"/> found before the process was started.</param>
    public static string Describe(string folder, IReadOnlySet<string> earlier)
    {
        if (IsUsersOwn) return "its dump, if there is one, lies where your DOTNET_Dbg settings say";
        if (In(folder).Except(earlier).Select(path => new FileInfo(path)).MaxBy(file => file.LastWriteTimeUtc) is not { } dump)
        {
            return $"no dump could be made in {Path.GetFullPath(folder)}: that needs createdump beside the .NET runtime, "
                + "the right to trace a process (ptrace), and room to write";
        }


        foreach (var old in In(folder).Where(path => path != dump.FullName)) TryDelete(old);
        return $"its dump is {dump.FullName} ({dump.Length / 1048576.0:F1} MiB)";
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // an old one more does no harm
        }
    }
}
