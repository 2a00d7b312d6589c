using Ablation.Experiments.Store;

namespace Ablation.Tests.Faults;

/// <summary>
/// A trial that hangs, dies or takes all memory does not affect others; if it happens once, the trial resumes to the same bytes.
/// </summary>
[Category("Faults")]
[Platform(Exclude = "Win", Reason = "signals are POSIX")]
[Parallelizable] // each test starts a process
public sealed class MisbehavingTrialTests
{
    private readonly TemporaryFolder assemblies = new();
    private string plugin = null!;
    private IReadOnlyDictionary<string, string> undisturbed = null!;
    private FaultRun run = null!;

    [OneTimeSetUp]
    public void Run_undisturbed()
    {
        plugin = FaultyLoss.Compile(assemblies.Path);
        using var quiet = new FaultRun(plugin, FaultRun.TwoLosses);
        var (code, output, errors) = quiet.Run();
        Assert.That(code, Is.Zero, output + errors);
        undisturbed = quiet.Final();
    }

    [OneTimeTearDown]
    public void RemoveAll() => assemblies.Dispose();

    [SetUp]
    public void Make() => run = new FaultRun(plugin, FaultRun.TwoLosses);

    [TearDown]
    public void Remove() => run.Dispose();

    [TestCase("hang", "reason=\"timed out\" text=\"it stood still for 10 s at step", "--stall", "10s")]
    [TestCase("crash", "reason=crashed text=\"signal 6 (SIGABRT)")]
    public void After_one_fault_it_resumes_from_its_checkpoint(string fault, string said, params string[] more)
    {
        run.Arm(fault);
        var (code, output, errors) = run.Run(more);
        Assert.That(code, Is.Zero, output + errors);
        Assert.That(output, Does.Contain(said).And.Contains("tried again from its last checkpoint"));
        run.AssertWhole();
        Assert.That(run.Final(), Is.EqualTo(undisturbed));
        Assert.That(run.Trials()
            .Sum(id => run.Result(id).GetProperty("provenance").GetProperty("restarts").GetInt32()), Is.EqualTo(1), "the result counts it");
    }

    [TestCase("hang-always", EndReason.TimedOut, "--stall", "10s")]
    [TestCase("crash-always", EndReason.Crashed)]
    [TestCase("hoard-always", EndReason.OutOfMemory, "--trial-memory", "700MB")]
    public void After_repeated_faults_it_is_given_up_and_the_others_finish(string fault, EndReason reason, params string[] more)
    {
        run.Arm(fault);
        var (code, output, errors) = run.Run(["--seeds", "1", .. more]);
        Assert.That(code, Is.EqualTo(1), output + errors);
        Assert.That(output, Does.Contain("1 finished, 0 already there, 1 failed"));
        var failure = run.Store.LoadFailure(run.Trial("Faulty", 1))!;
        Assert.That(failure.Reason, Is.EqualTo(reason));
        if (reason == EndReason.Crashed) Assert.That(failure.Detail, Does.Contain("the loss gave up"), "the last lines of its log");
        var softmax = run.Trial("Softmax", 1);
        Assert.That(run.Final().Where(file => file.Key.Contains(softmax, StringComparison.Ordinal)),
            Is.EqualTo(undisturbed.Where(file => file.Key.Contains(softmax, StringComparison.Ordinal))));
    }

    [TestCase("hoard-whole-always", "--trial-memory", "700MB")]
    [TestCase("throw-always")]
    public void A_trial_without_memory_for_its_batch_is_trained_in_pieces(string fault, params string[] more)
    {
        run.Arm(fault);
        var (code, output, errors) = run.Run(["--seeds", "1", .. more]);
        Assert.That(code, Is.Zero, output + errors);
        Assert.That(output, Does.Contain("out of memory").And.Contains("tried again with micro-batches in 2 pieces"));
        var result = run.Result(run.Trial("Faulty", 1));
        Assert.That((result.GetProperty("status").GetString(), result.GetProperty("split").GetInt32(), result.GetProperty("steps")
            .GetInt32()),
            Is.EqualTo(("done", 2, 240)), "the same batch and steps");
        Assert.That(File.ReadAllText(Path.Combine(run.Store.Folder, "report.md")), Does.Contain("pieces"));
    }
}
