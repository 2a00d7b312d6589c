using System.Diagnostics;

namespace Ablation.Tests.Mutants;

/// <summary>
/// A copy of the tests' output folder in which one assembly is replaced. Large files are links if possible, but for the project's own
/// assemblies: of a linked Tests.dll .NET takes the folder that the link points to, and with it the assemblies that are not mutated.
/// </summary>
internal sealed class TestCopy : IDisposable
{
    private const long Large = 4 << 20;
    private static readonly string[] Own = ["Tests.dll", .. Mutant.All.Select(mutant => mutant.Project).Distinct().Select(FileName)];
    private readonly string folder;

    /// <param name="number">Number of the copy. It is below the repository because the tests search upwards for the root.</param>
    public TestCopy(int number)
    {
        folder = Path.Combine(Repository.Root, "Tests", "bin", $"mutants-{number}");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var from = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (Own.Contains(Path.GetFileName(file)) || new FileInfo(file).Length < Large || !TryLink(to, file)) File.Copy(file, to);
        }
    }

    /// <summary>Returns the path of a product project's assembly.</summary>
    public string Assembly(string project) => Path.Combine(folder, FileName(project));

    /// <summary>Restores the assembly of the build.</summary>
    public void Restore(string project)
    {
        File.Delete(Assembly(project));
        File.Copy(Path.Combine(AppContext.BaseDirectory, FileName(project)), Assembly(project));
    }

    /// <summary>Returns the assembly's name; that of the project Experiments is ablation.</summary>
    private static string FileName(string project) => project == "Experiments" ? "ablation.dll" : $"{project}.dll";

    /// <summary>Runs fixtures in a separate process.</summary>
    /// <returns>The first failed test or the fate of the process, with its message; null if all passed.</returns>
    public (string? Killer, string Message) Run(IReadOnlyList<string> fixtures, TimeSpan limit)
    {
        var report = Path.Combine(folder, "report.txt");
        File.Delete(report);
        string[] arguments = ["exec", Path.Combine(folder, "Tests.dll"), FixtureRun.Verb, report, .. fixtures];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return ("time limit", "");
        }

        if (!File.Exists(report)) return ("the process died", $"exit code {process.ExitCode}");
        var lines = File.ReadAllLines(report);
        return lines.Length == 0 ? (null, "") : (lines[0], string.Join('\n', lines.Skip(1)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Windows restricts links
        }
    }
}
