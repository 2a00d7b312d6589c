using System.Diagnostics;
using Ablation.Experiments.Store;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Faults;

/// <summary>
/// A suite with the faults of long runs. After each fault no finished trial is lost or run to its end twice, and tables, scores,
/// histories and weights are, byte for byte, those of an undisturbed run.
/// </summary>
[Category("Faults")]
[Platform(Exclude = "Win", Reason = "signals are POSIX")]
[Parallelizable] // each test starts a process
public sealed class FaultTests
{
    private readonly TemporaryFolder assemblies = new();
    private string plugin = null!;
    private IReadOnlyDictionary<string, string> five = null!;
    private IReadOnlyDictionary<string, string> two = null!;

    [OneTimeSetUp]
    public void Run_undisturbed()
    {
        plugin = FaultyLoss.Compile(assemblies.Path);
        five = Undisturbed(FaultRun.FiveLosses, 10);
        two = Undisturbed(FaultRun.TwoLosses, 4);
    }

    [OneTimeTearDown]
    public void Remove() => assemblies.Dispose();

    [Test]
    public void Forty_kills_of_pools_and_trials_change_nothing()
    {
        var campaign = new KillCampaign(new Random(2103_03503), 40);
        while (campaign.Left > 0)
        {
            using var run = new FaultRun(plugin, FaultRun.FiveLosses);
            campaign.Disturb(run);
            Finish(run, five, "--max-attempts", "1000");
        }

        TestContext.Out.WriteLine(campaign);
    }

    [Test]
    public void A_damaged_checkpoint_is_skipped()
    {
        using var run = new FaultRun(plugin, FaultRun.TwoLosses);
        using (var stopped = run.Start())
        {
            WaitUntil(() => run.Running().Any(one => Checkpoints(run, one.Id).Count == 2), "two checkpoints of a trial");
            stopped.Signal(FaultRun.Kill);
            stopped.End();
        }

        WaitUntil(() => run.Running().Count == 0, "the trials of a dead pool stop themselves");
        var id = run.Trials().First(trial => Checkpoints(run, trial).Count == 2);
        var newest = Checkpoints(run, id)[^1];
        using (var file = new FileStream(newest, FileMode.Open))
        {
            file.Seek(file.Length / 2, SeekOrigin.Begin);
            var old = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(old ^ 1));
        }

        Finish(run, two);
        Assert.That(File.ReadAllText(run.Store.Files(id).Log), Does.Contain(Path.GetFileName(newest)).And.Contains("is used instead"));
    }

    [TestCase(32, Description = "a trial's first files")]
    [TestCase(80, Description = "results")]
    [TestCase(160, Description = "the report")]
    public void A_full_disk_loses_no_finished_trial(int kilobytes)
    {
        using var disk = SmallDisk.Mount(640 << 10);
        using var run = new FaultRun(plugin, FaultRun.TwoLosses, disk.Path);
        disk.Fill(leave: kilobytes << 10);
        var (code, output, errors) = run.Run();
        Assert.That(code, Is.EqualTo(2), output);
        Assert.That(errors, Does.Contain("could not be written").And.Contains("free space"));
        var kept = run.Trials().Where(run.Store.Has)
            .ToDictionary(id => id, id => File.ReadAllText(Path.Combine(run.Store.TrialFolder(id), "result.json")));
        disk.Empty();
        Finish(run, two);
        foreach (var (id, result) in kept) Assert.That(File.ReadAllText(Path.Combine(run.Store.TrialFolder(id), "result.json")),
            Is.EqualTo(result));
    }

    [Test]
    public void Two_runners_on_one_suite_share_it()
    {
        using var run = new FaultRun(plugin, FaultRun.FiveLosses);
        using var first = run.Start("--no-report");
        using var second = run.Start("--no-report");
        var codes = Task.WhenAll(Task.Run(first.End), Task.Run(second.End)).Result;
        Assert.That(codes, Is.All.Zero, first.Errors + second.Errors);
        foreach (var id in run.Trials())
            Assert.That(run.Store.Files(id).ReadAttempts().Count(attempt => attempt.Event == AttemptEvent.Start), Is.EqualTo(1), id);
        Finish(run, five);
    }

    [Test]
    public void Two_interrupts_end_all_processes_at_once_and_the_next_run_resumes()
    {
        using var run = new FaultRun(plugin, FaultRun.TwoLosses);
        List<int> processes;
        using (var stopped = run.Start())
        {
            WaitUntil(() => run.Running().Count == 2, "two trials run");
            processes = [.. run.Running().Select(one => one.Process)];
            // a script in the background is deaf to the first
            var signal = Cli.Hears(FaultRun.Interrupt) ? FaultRun.Interrupt : Cli.Terminate;
            stopped.Signal(signal);
            stopped.Signal(signal);
            Assert.That(stopped.End(), Is.EqualTo(130), stopped.Errors);
        }

        Assert.That(processes.Where(process => Cli.Signal(process, 0)), Is.Empty, "a trial outlived its pool");
        Assert.That(Directory.GetFiles(run.Folder, "failure.json", SearchOption.AllDirectories), Is.Empty);
        Finish(run, two);
    }

    private IReadOnlyDictionary<string, string> Undisturbed(string losses, int trials)
    {
        using var run = new FaultRun(plugin, losses);
        var (code, output, errors) = run.Run();
        Assert.That(code, Is.Zero, output + errors);
        run.AssertWhole();
        var final = run.Final();
        Assert.That(final, Has.Count.EqualTo((3 * trials) + 2), "history, scores and weights of each; two tables");
        return final;
    }

    private static void Finish(FaultRun run, IReadOnlyDictionary<string, string> undisturbed, params string[] more)
    {
        var (code, output, errors) = run.Run(more);
        Assert.That(code, Is.Zero, output + errors);
        run.AssertWhole();
        Assert.That(run.Final(), Is.EqualTo(undisturbed));
    }

    internal static void WaitUntil(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(60)) Assert.Fail($"not within a minute: {what}");
            Thread.Sleep(2);
        }
    }

    private static List<string> Checkpoints(FaultRun run, string id) =>
        [.. Directory.GetFiles(run.Store.TrialFolder(id), "checkpoint-*.bin")
            .OrderBy(path => int.Parse(Path.GetFileNameWithoutExtension(path)["checkpoint-".Length..]))];
}
