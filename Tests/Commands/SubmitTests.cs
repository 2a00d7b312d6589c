using Ablation.Tests.Scheduling.Slurm;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary><c>ablation submit</c> from its arguments to its exit code; SLURM itself is checked on a cluster.</summary>
[Category("Slow")]
[Parallelizable] // each test starts a process
public sealed class SubmitTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), SuiteText.Good);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase("submit: name the queue with --slurm")]
    [TestCase("--time soon: not a time limit", "--slurm", "--time", "soon")]
    [TestCase("--device gpu: not known", "--slurm", "--device", "gpu")]
    [TestCase("--device cuda:: not known", "--slurm", "--device", "cuda:")]
    [TestCase("--checkpoint-minutes 0: must be above 0", "--slurm", "--checkpoint-minutes", "0")]
    public void A_wrong_argument_writes_nothing(string message, params string[] arguments)
    {
        var (code, _, errors) = Cli.Run(folder.Path, ["submit", folder.File("own.jsonc"), .. arguments]);
        Assert.That(code, Is.EqualTo(2), errors);
        Assert.That(errors, Does.StartWith("error: ").And.Contain(message).And.Not.Contain("   at "));
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
    }

    [Test]
    public void Missing_data_are_reported_before_anything_is_written()
    {
        File.WriteAllText(folder.File("own.jsonc"),
            SuiteText.Good.Replace("{ \"type\": \"Synthetic\", \"identities\": 8, \"imagesPerIdentity\": 8, \"resolution\": 32 }",
                "{ \"type\": \"Folder\", \"path\": \"nowhere\" }", StringComparison.Ordinal));
        var (code, _, errors) = Cli.Run(folder.Path, "submit", folder.File("own.jsonc"), "--slurm");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("nowhere: no such folder"));
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
    }

    [Test, NonParallelizable, Platform(Exclude = "Win")] // PATH belongs to the process
    public void A_submission_writes_its_list_and_chooses_the_device_by_its_GPUs()
    {
        using var slurm = new FakeSlurm();
        var suite = folder.File("own.jsonc");
        var dry = Cli.Run(folder.Path, "submit", suite, "--slurm", "--dry-run", "--gpus", "1", "--limit", "2");
        Assert.That(dry.Code, Is.Zero, dry.Errors);
        Assert.That(Directory.Exists(folder.File("results")), Is.False);
        Assert.That(dry.Output, Does.Contain("--array=0-2%1").And.Contain("--device cuda --threads 1"));

        var (code, output, errors) = Cli.Run(folder.Path, "submit", suite, "--slurm", "--cpus", "3", "--memory-limit", "2GB",
            "--keep-checkpoint", "--seeds", "7");
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.Contain("own: 3 trials, 0 with a result, 0 waiting or running, 0 left out, 3 to submit"));
        Assert.That(File.ReadAllText(folder.File("results/own/submit-1.sbatch")),
            Does.Contain("--device cpu --threads 3").And.Contain("--memory-limit 2000MB --keep-checkpoint").And.Contain("pending-1.txt"));
        var ids = File.ReadAllLines(folder.File("results/own/pending-1.txt"));
        Assert.That(ids, Has.Length.EqualTo(3));
        Assert.That(ids.Select(id => folder.File($"results/own/trials/{id}/spec.json")), Has.All.Exist);
        Assert.That(File.ReadAllText(folder.File("results/own/own.jsonc")), Is.EqualTo(SuiteText.Good));

        var again = Cli.Run(folder.Path, "submit", folder.File("results/own/own.jsonc"), "--slurm", "--seeds", "7");
        Assert.That(again.Code, Is.Zero, again.Errors);
        Assert.That(File.ReadAllText(folder.File("results/own/submit-2.sbatch")), Does.Contain("pending-2.txt"),
            "the list of a job that may be running is not changed");
    }
}
