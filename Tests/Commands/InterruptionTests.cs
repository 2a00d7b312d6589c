using System.Diagnostics;
using Ablation.Experiments.Store;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary>After an interrupted run nothing half-written counts, and the next run ends with the same scores.</summary>
[Platform(Exclude = "Win", Reason = "signals are POSIX")]
[Category("Slow")]
[Parallelizable] // each test starts a process
public sealed class InterruptionTests
{
    // the untrained network, which is finished at once, and one training long enough to be stopped
    private static readonly string Suite = SuiteText.Good.Replace("\"epochs\": 1", "\"epochs\": 120", StringComparison.Ordinal)
        .Replace("{ \"type\": \"Softmax\" },", "", StringComparison.Ordinal);
    private readonly TemporaryFolder undisturbed = new();

    [OneTimeSetUp]
    public void Run_undisturbed() => Assert.That(Run(undisturbed.Path).End(), Is.Zero);

    [OneTimeTearDown]
    public void Remove() => undisturbed.Dispose();

    [TestCase(Cli.Interrupt, 130)]
    [TestCase(Cli.Terminate, 130)]
    [TestCase(Cli.HangUp, 130, Description = "its terminal is closed")]
    [TestCase(Cli.Kill, 137)]
    public void Stored_files_are_complete_after_a_stop_and_the_next_run_finishes(int signal, int code)
    {
        if (signal != Cli.Kill && !Cli.Hears(signal)) Assert.Ignore(Cli.Deaf);
        using var folder = new TemporaryFolder();
        using (var stopped = Run(folder.Path))
        {
            stopped.WaitForText(" number=2/2 ");
            WaitForSteps(folder); // of the last trial's training
            stopped.Signal(signal);
            Assert.That(stopped.End(), Is.EqualTo(code), stopped.Errors);
            if (signal != Cli.Kill) Assert.That(stopped.Errors, Does.StartWith("stopped; finished trials are kept"));
        }

        Assert.That(Files(folder, "result.json"), Has.Count.EqualTo(1));
        Assert.That(Files(folder, "scores-*.npz"), Has.Count.EqualTo(1));
        Assert.That(Files(folder, "failure.json"), Is.Empty);
        if (signal != Cli.Kill)
        {
            Assert.That(Files(folder, "*.tmp"), Is.Empty);
            Assert.That(Files(folder, "lease.json"), Is.Empty);
            Assert.That(Files(folder, "checkpoint-*.bin"), Is.Not.Empty, "its checkpoint is kept");
        }

        using var again = Run(folder.Path);
        Assert.That(again.End(), Is.Zero, again.Errors);
        Assert.That(again.Output, Does.Contain("1 finished, 1 already there, 0 failed, 0 run by another process"));
        Assert.That(Files(folder, "*.lock").Concat(Files(folder, "checkpoint-*")), Is.Empty);
        if (signal != Cli.Kill) Assert.That(again.Output, Does.Contain(" from_step="));
        Assert.That(Scores(folder), Is.EqualTo(Scores(undisturbed)));
    }

    private static Cli Run(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "own.jsonc"), Suite);
        return Cli.Start(folder, "run", "own.jsonc", "--jobs", "1", "--threads", "1", "--device", "cpu", "--seeds", "1", "--no-report");
    }

    private static void WaitForSteps(TemporaryFolder folder)
    {
        var clock = Stopwatch.StartNew();
        while (!Files(folder, "progress.json").Select(path => new TrialFiles(Path.GetDirectoryName(path)!).ReadProgress())
            .Any(progress => progress is { Step: > 0 }))
        {
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)), "no trial began to train");
            Thread.Sleep(20);
        }
    }

    private static List<string> Files(TemporaryFolder folder, string pattern) =>
        [.. Directory.GetFiles(folder.Path, pattern, SearchOption.AllDirectories).Order()];

    /// <summary>Maps every trial's id to its scores.</summary>
    private static List<string> Scores(TemporaryFolder folder) =>
        [.. Files(folder, "scores-*.npz")
            .Select(file => $"{Path.GetRelativePath(folder.Path, file)}\n{Convert.ToHexString(File.ReadAllBytes(file))}")];
}
