using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Ablation.Experiments.Suites;
using Ablation.Harness.Native;

namespace Ablation.Tests.Native.Stress;

/// <summary>
/// Runs every operation of TorchSharp that the product uses, every loss in every implementation, a user's loss, and trials by AdamW and SGD
/// with forced collections: nothing throws, and all numbers equal those without. The same for every kind of plot. Both fail without the
/// rewritten TorchSharp.dll and SkiaSharp.dll.
/// </summary>
[Category("Stress"), NonParallelizable]
public sealed class KeepAliveStressTests
{
    /// <summary>The environment variable with the duration in seconds.</summary>
    private const string Variable = "ABLATION_STRESS_SECONDS";

    private const int DrawingShare = 6; // ten kinds of plots need less time than hundreds of operations

    [Test]
    public void No_call_into_libtorch_loses_an_object_to_a_collection()
    {
        var (code, output) = Run(Seconds(), StressProgram.Verb);
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain(" 0 errors"), output);
    }

    [Test]
    public void With_the_original_TorchSharp_the_same_work_fails()
    {
        var (code, output) = Run(Seconds(), StressProgram.Verb, "TorchSharp", "first");
        Assert.That(output, Does.Contain(StressRun.Begun), "the program loads and computes");
        Assert.That(code, Is.Not.Zero, $"the stress found nothing, so it would find nothing anywhere: {output}");
    }

    [Test]
    public void No_drawing_loses_an_object_to_a_collection()
    {
        var (code, output) = Run(Seconds() / DrawingShare, DrawingProgram.Verb);
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain(" 0 errors"), output);
    }

    [Test]
    public void With_the_original_SkiaSharp_the_same_drawing_fails()
    {
        // mostly it dies within seconds, but beside other work the first fault may take a minute; the rewritten one need not wait for it
        var (code, output) = Run(3 * Seconds() / DrawingShare, DrawingProgram.Verb, "SkiaSharp");
        Assert.That(output, Does.Contain(DrawingProgram.Begun), "the program loads and draws");
        Assert.That(code, Is.Not.Zero, $"the stress found nothing, so it would find nothing anywhere: {output}");
    }

    private static double Seconds()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } given)
        {
            Assert.Ignore($"takes minutes: set {Variable} to their seconds; 300 is the value of its stage");
            return 0;
        }

        return double.TryParse(given, out var seconds) && seconds > 0
            ? seconds : throw new ArgumentException($"{Variable}={given} is not a number of seconds");
    }

    /// <summary>Runs the stress in a separate process.</summary>
    /// <returns>Its exit code, which is not 0 if the process died, and its output.</returns>
    /// <param name="original">The package whose own file it takes; null for the rewritten ones.</param>
    private static (int Code, string Output) Run(double seconds, string verb, string? original = null, params string[] more)
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(AppContext.BaseDirectory, "Tests.dll");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows()
            ? "dotnet.exe" : "dotnet"));
        var list = original is not null ? Without(original) : Path.ChangeExtension(program, ".deps.json");
        List<string> arguments = ["exec", "--runtimeconfig", Path.ChangeExtension(program, ".runtimeconfig.json"), "--depsfile", list,
            program, verb, seconds.ToString(), .. more];
        if (original is not null) arguments.Add(Path.Combine(AppContext.BaseDirectory, "original", original + ".dll"));
        var start = new ProcessStartInfo(dotnet, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment[Plugins.Variable] = UserLoss.Compile(folder.Path);
        if (original is not null) start.Environment[KeptArguments.Without] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromMinutes(5)), "the stress did not end");
        TestContext.Out.WriteLine($"{verb}, {original ?? "no"} package's own file: exit code {process.ExitCode}: {output}");
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Writes the deps.json without a package, so that the stress loads the given file. It is beside the
    /// program, where its files are searched.</summary>
    private static string Without(string package)
    {
        var list = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tests.deps.json")))!;
        foreach (var (_, target) in list["targets"]!.AsObject())
        {
            foreach (var (_, library) in target!.AsObject()
                .Where(one => one.Key.StartsWith(package + "/", StringComparison.Ordinal))) library!.AsObject().Remove("runtime");
        }

        var path = Path.Combine(AppContext.BaseDirectory, $"Tests.original.{package}.deps.json");
        File.WriteAllText(path, list.ToJsonString());
        return path;
    }
}
