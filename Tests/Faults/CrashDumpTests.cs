using Ablation.Experiments.Store;

namespace Ablation.Tests.Faults;

/// <summary>A process that dies in native code leaves a small dump, and the error message names it.</summary>
[Category("Faults")]
[Platform(Include = "Linux", Reason = "the runtime's createdump, and a native crash of this system")]
[Parallelizable] // each test starts a process
public sealed class CrashDumpTests
{
    private readonly TemporaryFolder assemblies = new();
    private string plugin = null!;
    private FaultRun run = null!;

    [OneTimeSetUp]
    public void Compile() => plugin = FaultyLoss.Compile(assemblies.Path);

    [OneTimeTearDown]
    public void RemoveAll() => assemblies.Dispose();

    [SetUp]
    public void Make()
    {
        run = new FaultRun(plugin, FaultRun.TwoLosses);
        var suite = Path.Combine(run.Folder, "suite.jsonc");
        // with fewer channels oneDNN's convolutions damage the heap on some processors (family 26 of AMD), which is another crash
        File.WriteAllText(suite, File.ReadAllText(suite).Replace("\"width\": 4", "\"width\": 16", StringComparison.Ordinal));
    }

    [TearDown]
    public void Remove() => run.Dispose();

    [TestCase("segfault-always", "signal 11 (SIGSEGV)")]
    [TestCase("crash-always", "signal 6 (SIGABRT)")]
    public void A_trial_keeps_the_dump_of_its_last_crash_and_its_failure_names_it(string fault, string signal)
    {
        run.Arm(fault);
        var (code, output, errors) = run.Run("--seeds", "1");
        Assert.That(code, Is.EqualTo(1), output + errors);
        var id = run.Trial("Faulty", 1);
        var dump = Dumps(run.Store.TrialFolder(id)).Single(); // of two attempts
        Assert.That(new FileInfo(dump).Length, Is.InRange(100_000, 200 << 20), "stacks, not gigabytes");
        var failure = run.Store.LoadFailure(id)!;
        Assert.That(failure.Reason, Is.EqualTo(EndReason.Crashed));
        Assert.That(failure.Error, Does.StartWith($"crashed: {signal}; its dump is {dump} (").And.Match(@" \(\d+\.\d MiB\)$"));
        Assert.That(failure.Detail, Does.Not.Contain("[createdump]"), "the end of the log is output of the program");
        Assert.That(output, Does.Contain($"its dump is {dump}"));
        Assert.That(run.Store.Has(id), Is.False);
    }

    [Test]
    public void A_crashed_report_names_its_dump_and_the_next_report_is_complete()
    {
        Assert.That(run.Run("--seeds", "1").Code, Is.Zero);
        var before = run.Final();
        string[] report = ["report", "suite.jsonc", "--seeds", "1"];
        run.Arm("die-reading");
        using (var dies = run.StartAny(report))
        {
            Assert.That(dies.End(), Is.EqualTo(139), dies.Errors);
            var dump = Dumps(Path.Combine(run.Folder, "results")).Single();
            Assert.That(dies.Errors, Does.Contain($"error: report died (signal 11 (SIGSEGV)); its dump is {dump} (")
                .And.Contains("Run it again"));
        }

        using var again = run.StartAny(report);
        Assert.That(again.End(), Is.Zero, again.Errors);
        Assert.That(run.Final(), Is.EqualTo(before));
    }

    [Test]
    public void The_users_dump_settings_take_precedence()
    {
        run.Arm("segfault-always");
        var none = new Dictionary<string, string> { ["DOTNET_DbgEnableMiniDump"] = "0" };
        using var own = run.StartAny(none, "run", "suite.jsonc", "--device", "cpu", "--jobs", "2", "--threads", "1", "--seeds", "1");
        Assert.That(own.End(), Is.EqualTo(1), own.Errors);
        Assert.That(own.Output, Does.Contain("its dump, if any, is where your DOTNET_Dbg settings put it"));
        Assert.That(Dumps(run.Store.TrialFolder(run.Trial("Faulty", 1))), Is.Empty);
    }

    private static string[] Dumps(string folder) => Directory.GetFiles(folder, "*.dmp");
}
