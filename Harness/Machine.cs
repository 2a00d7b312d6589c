using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Ablation.Harness;

/// <summary>The machine and the build, for the record.</summary>
public static class Machine
{
    public static Provenance Provenance(TrialPlace place, DateTimeOffset started, double seconds, int images, int identities) => new(
        Commit.Value, Processor.Value, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        typeof(torch).Assembly.GetName().Version!.ToString(3), place.Device.ToString(), place.Threads, started, Math.Round(seconds, 3), images, identities);

    /// <summary>The commit that the program was built from (the SDK writes it into the assembly), with "+changes" where it runs
    /// inside a checkout that differs; "unknown" where it was built outside git.</summary>
    private static readonly Lazy<string> Commit = new(() =>
    {
        var version = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0) return "unknown";
        var commit = version[(plus + 1)..][..Math.Min(12, version.Length - plus - 1)];
        return Git(AppContext.BaseDirectory, "status", "--porcelain", "--untracked-files=no") is { Length: > 0 } ? $"{commit}+changes" : commit;
    });

    private static readonly Lazy<string> Processor = new(() =>
    {
        var model = OperatingSystem.IsLinux() && File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} logical cores";
    });

    private static string? Git(string folder, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true });
            var text = git!.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git on this machine
        }
    }
}
