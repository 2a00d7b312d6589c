using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Slurm;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Losses;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>A suite submitted to a cluster whose commands are shell scripts.</summary>
[NonParallelizable]
[Platform(Exclude = "Win", Reason = "SLURM's commands are faked by shell scripts")]
public sealed class SlurmEngineTests
{
    private static readonly Suite Six = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions(),
        new CosFaceOptions()) with
    { Seeds = [1, 2] };
    private readonly List<string> said = [];
    private FakeSlurm slurm = null!;
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;

    private string[] Ids => [.. Six.Trials().Select(trial => trial.Spec.Id())];

    [SetUp]
    public void Make()
    {
        slurm = new FakeSlurm();
        folder = new TemporaryFolder();
        store = new ResultStore(folder.File("results/tiny"));
        said.Clear();
    }

    [TearDown]
    public void Remove()
    {
        slurm.Dispose();
        folder.Dispose();
    }

    [Test]
    public void All_trials_are_submitted_by_files_and_then_a_report()
    {
        Assert.That(Run(new SlurmOptions(Limit: 3)), Is.EqualTo(new RunOutcome(0, 0, 0, 0)));
        Assert.That(said, Has.Some.EndsWith(", 6 to submit"));
        Assert.That(slurm.Calls, Is.EqualTo(new[]
        {
            "scontrol show config",
            $"sbatch --parsable {In("submit-1.sbatch")}",
            $"sbatch --parsable {In("submit-2.sbatch")}",
            $"sbatch --parsable --dependency=afterany:101:102 {In("report-2.sbatch")}",
        }));
        Assert.That(File.ReadAllLines(In("pending-1.txt")).Concat(File.ReadAllLines(In("pending-2.txt"))), Is.EqualTo(Ids));
        var scripts = (First: File.ReadAllText(In("submit-1.sbatch")), Second: File.ReadAllText(In("submit-2.sbatch")));
        Assert.That(scripts.First,
            Does.Contain("--array=0-2%2\n").And.Contain($"--list {In("pending-1.txt")} --index \"$SLURM_ARRAY_TASK_ID\"\n"));
        Assert.That(scripts.First,
            Does.Match(@"\nexec \S+.* trial --folder \S+/results/tiny --data \S+ --device cpu --threads 1 --checkpoint-minutes 5 --list "));
        Assert.That(scripts.Second, Does.Contain("--array=0-2%1\n").And.Contain(In("pending-2.txt")));
        Assert.That(File.ReadAllText(In("report-2.sbatch")),
            Does.Contain($" report {In("tiny.jsonc")} --results {folder.File("results")} --seeds 1 2\n"));
        Assert.That(File.ReadAllText(In("tiny.jsonc")), Does.Contain("the suite"));
        Assert.That(Directory.Exists(In("logs")));
        foreach (var trial in Six.Trials())
        {
            var spec = new TrialFiles(store.TrialFolder(trial.Spec.Id())).ReadSpec()!;
            Assert.That((spec.Label, spec.Spec.Id()), Is.EqualTo((trial.Label, trial.Spec.Id())));
        }

        var noted = SlurmSubmission.All(store);
        Assert.That(noted.Select(one => (one.Job, one.Trials, one.List)),
            Is.EqualTo(new[] { ("101", 3, "pending-1.txt"), ("102", 3, "pending-2.txt"), ("103", 0, null) }));
        Assert.That(noted[2].Arguments, Is.EqualTo(new[] { "--parsable", "--dependency=afterany:101:102", In("report-2.sbatch") }));
        Assert.That(said, Has.Some.Contains("scancel 102"));
        Assert.That(File.Exists(In("submit.lock")), Is.False);
    }

    [Test]
    public void A_second_submission_lists_only_missing_trials()
    {
        Run(new SlurmOptions());
        store.Save(ExampleOutput.Of(Six.Trials()[0].Spec, "Softmax", 1));
        // 0 is done, 1 failed on its node, 2 waits; of the second array 0 runs, 1 is held, 2 has been forgotten
        slurm.Command("squeue",
            "printf '101_0|COMPLETED|None\\n101_1|NODE_FAIL|None\\n101_2|PENDING|Priority\\n" +
            "102_0|RUNNING|None\\n102_1|PENDING|JobHeldUser\\n'");
        slurm.Forget();
        said.Clear();
        Assert.That(Run(new SlurmOptions()), Is.EqualTo(new RunOutcome(0, 1, 0, 3)));
        Assert.That(File.ReadAllLines(In("pending-3.txt")), Is.EqualTo(new[] { Ids[1], Ids[5] }));
        Assert.That(slurm.Calls, Is.EqualTo(new[]
        {
            "squeue -h -r -t all -o %i|%T|%r",
            "scontrol show config",
            $"sbatch --parsable {In("submit-3.sbatch")}",
            $"sbatch --parsable --dependency=afterany:101:102:104 {In("report-3.sbatch")}", // the report also depends on waiting trials
        }));
        Assert.That(said,
            Has.Some.Contains("102_1 (JobHeldUser)").And.Some.Contains("1 with a result, 3 waiting or running, 0 left out, 2 to submit"));
        Assert.That(File.ReadAllLines(In("pending-1.txt"))
            .Concat(File.ReadAllLines(In("pending-2.txt"))), Is.EqualTo(Ids), "lists of waiting arrays never change");
    }

    [Test]
    public void If_all_trials_are_queued_nothing_is_submitted()
    {
        Run(new SlurmOptions());
        slurm.Command("squeue", "for a in 101 102; do for i in 0 1 2; do echo \"${a}_$i|PENDING|Priority\"; done; done");
        slurm.Forget();
        Assert.That(Run(new SlurmOptions()), Is.EqualTo(new RunOutcome(0, 0, 0, 6)));
        Assert.That(slurm.Calls, Has.None.StartsWith("sbatch"));
        Assert.That(said[^1], Is.EqualTo("nothing to submit: every trial without a result waits or runs already"));
    }

    [Test]
    public void A_failed_query_submits_nothing_and_an_empty_queue_is_reported()
    {
        Run(new SlurmOptions());
        slurm.Command("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
        slurm.Forget();
        Assert.That(() => Run(new SlurmOptions()),
            Throws.TypeOf<IOException>(
                ).With.Message.Contains("Unable to contact slurm controller").And.Message.Contains("6 trials").And.Message.Contains(
                    "nothing is submitted"));
        Assert.That(slurm.Calls, Is.EqualTo(new[] { "squeue -h -r -t all -o %i|%T|%r" }));

        slurm.Command("squeue", "true");
        said.Clear();
        Run(new SlurmOptions());
        Assert.That(said, Has.Some.EndsWith(", 6 to submit"));
        Assert.That(said, Has.Some.Contains("squeue shows no job at all: it is not known whether 6 trials submitted before still wait"));
    }

    [Test]
    public void A_refused_second_array_names_the_submitted_jobs_and_how_to_cancel_them()
    {
        slurm.Command("sbatch",
            "case \"$*\" in *submit-2*) echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; exit 1;; esac; echo '101;cluster'");
        var error = Assert.Throws<IOException>(() => Run(new SlurmOptions()));
        Assert.That(error!.Message,
            Does.StartWith("array 2 of 2, 3 trials of ").And.Contain("QOSMaxSubmitJobPerUserLimit").And.Contain("job 101").And.Contain(
                "scancel 101 cancels them"));
        Assert.That(SlurmSubmission.All(store).Select(one => one.Job), Is.EqualTo(new[] { "101" }));
        slurm.Command("sbatch", "exit 1");
        slurm.Command("squeue", "echo '101_0|RUNNING|None'");
        Assert.That(() => Run(new SlurmOptions()),
            Throws.TypeOf<IOException>().With.Message.Contains("exit code 1 without a word").And.Message.Contains("nothing was submitted"));
    }

    [Test]
    public void A_refused_report_names_the_trials_jobs()
    {
        slurm.Command("sbatch", "case \"$*\" in *report*) exit 1;; esac; echo 7");
        Assert.That(() => Run(new SlurmOptions()),
            Throws.TypeOf<IOException>(
                ).With.Message.Contains("the trials are submitted (job 7, job 7), but not the report").And.Message.Contains(
                    "ablation report"));
    }

    [Test]
    public void An_answer_without_an_id_and_a_missing_sbatch_are_reported()
    {
        slurm.Command("sbatch", "echo 'Submitted batch job 7'");
        Assert.That(() => Run(new SlurmOptions()),
            Throws.TypeOf<IOException>().With.Message.Contains("\"Submitted batch job 7\" in place of a job's id"));
        slurm.Remove("sbatch");
        Assert.That(() => Run(new SlurmOptions()),
            Throws.TypeOf<IOException>().With.Message.Contains("sbatch: could not be started").And.Message.Contains("login node"));
    }

    [Test]
    public void With_a_low_limit_arrays_wait_for_each_other()
    {
        slurm.Command("scontrol", "echo 'MaxArraySize = 2'");
        Run(new SlurmOptions(Limit: 1));
        Assert.That(slurm.Calls.Skip(1), Is.EqualTo(new[]
        {
            $"sbatch --parsable {In("submit-1.sbatch")}",
            $"sbatch --parsable --dependency=afterany:101 {In("submit-2.sbatch")}",
            $"sbatch --parsable --dependency=afterany:102 {In("submit-3.sbatch")}",
            $"sbatch --parsable --dependency=afterany:101:102:103 {In("report-3.sbatch")}",
        }));
    }

    [Test]
    public void A_dry_run_shows_scripts_and_lists_and_writes_nothing()
    {
        slurm.Command("sbatch", "cat > \"$0.input\"; echo 'sbatch: Job 1 to start at noon' >&2");
        Assert.That(Engine(new SlurmOptions(Partition: "gpu")).Show(Work()));
        Assert.That(slurm.Calls, Is.EqualTo(new[] { "scontrol show config", "sbatch --test-only", "sbatch --test-only" }));
        Assert.That(Directory.Exists(store.Folder), Is.False);
        var text = string.Join('\n', said);
        Assert.That(text,
            Does.Contain("#SBATCH --partition=gpu").And.Contain("#SBATCH --array=0-2\n").And.Contain("--- pending-2.txt").And.Contain(
                "Job 1 to start at noon").And.Contain("nothing was written"));
        Assert.That(Ids.All(id => text.Contains(id + "\n", StringComparison.Ordinal)));

        slurm.Command("sbatch", "cat > /dev/null; echo 'sbatch: error: invalid partition specified: gpu' >&2; exit 1");
        Assert.That(Engine(new SlurmOptions(Partition: "gpu")).Show(Work()), Is.False);
        slurm.Remove("sbatch");
        Assert.That(Engine(new SlurmOptions()).Show(Work()), "a machine without SLURM can show a script");
        Assert.That(said, Has.Some.StartsWith("not tested: sbatch: could not be started"));
    }

    [Test]
    public void Concurrent_submissions_do_not_submit_twice()
    {
        Directory.CreateDirectory(store.Folder);
        using (new FileStream(In("submit.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            Assert.That(() => Run(new SlurmOptions()), Throws.TypeOf<IOException>().With.Message.Contains("submit.lock"));
        Assert.That(slurm.Calls, Is.Empty);
    }

    private string In(string name) => Path.Combine(store.Folder, name);

    private SlurmEngine Engine(SlurmOptions options) => new(options, said.Add);

    private static SuiteSource Copied => new("tiny.jsonc", "{ /* the suite */ }", [], []);

    private SuiteWork Work() => new(Six with { Source = Copied }, Six.Trials(), store, new ProcessSettings(folder.Path, "cpu", 1));

    private RunOutcome Run(SlurmOptions options) => Engine(options).Run(Work(), CancellationToken.None);
}
