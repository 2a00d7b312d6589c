using System.Reflection;
using System.Runtime.InteropServices;
using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Harness.Provenance;

/// <summary>The machine and the build, for the record.</summary>
public static class Machine
{
    private static readonly TimeSpan GitPatience = TimeSpan.FromSeconds(20);

    /// <summary>The commit that the program was built from, with "+changes" if its checkout differs; "unknown" outside git.</summary>
    public static string Program => Commit.Value;

    /// <summary>The processor's model and its logical cores.</summary>
    public static string Model => Processor.Value;

    /// <summary>The processor's model without the cores: programs and jobs on one machine may see different numbers of cores.</summary>
    public static string ProcessorName => Model[..Model.LastIndexOf(',')];

    /// <summary>Describes what does not depend on running the trial; <see cref="ProvenanceMeter"/> adds the rest.</summary>
    public static TrialProvenance Provenance(TrialPlace place, DateTimeOffset started, double seconds, int images, int identities) => new(
        Commit.Value, Processor.Value, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        typeof(torch).Assembly.GetName().Version!.ToString(3), place.Device.ToString(), place.Threads, started, Math.Round(seconds, 3),
            images, identities);

    // the SDK writes the commit into the assembly
    private static readonly Lazy<string> Commit = new(() =>
    {
        var version = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0) return "unknown";
        var commit = version[(plus + 1)..][..Math.Min(12, version.Length - plus - 1)];
        return ToolOutput.Run("git", ["status", "--porcelain", "--untracked-files=no"], GitPatience,
            AppContext.BaseDirectory) is { Length: > 0 } ? $"{commit}+changes" : commit;
    });

    private static readonly Lazy<string> Processor = new(() =>
    {
        var model = OperatingSystem.IsLinux() && File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} logical cores";
    });
}
