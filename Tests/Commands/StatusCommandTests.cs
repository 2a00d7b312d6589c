using Ablation.Experiments.Scheduling;
using Ablation.Harness.Foundations;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Commands;

/// <summary><c>status</c>, <c>watch</c> and <c>bench store</c> from their arguments to their exit codes.</summary>
[Category("Slow")]
[Parallelizable] // each test starts a process
public sealed class StatusCommandTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make() => made = new HandMadeSuite();

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void Status_of_a_folder_ends_with_0_or_with_1_if_a_trial_failed()
    {
        made.Finish("Softmax", 1);
        var (code, output, errors) = Cli.Run(Parent, "status", "made");
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Match($@"^trial\tloss\t.*\n{made.Id("Softmax", 1)}\tSoftmax\t.*\t16\t1\tdone\t\t\t\t\t\t$"));

        made.Begin("ArcFace", 1, "a", DateTimeOffset.UtcNow.AddHours(-1));
        made.Fail("ArcFace", 1, "k is too large", DateTimeOffset.UtcNow);
        (code, output, _) = Cli.Run(Parent, "status", "made", "--json");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(SpecJson.Read<StatusJson>(output).Trials.Single(trial => trial.Stage == TrialStage.Failed).Message,
            Is.EqualTo("k is too large"));
    }

    [Test]
    public void Status_of_a_suite_lists_trials_that_never_started()
    {
        var suite = Path.Combine(Parent, "made.jsonc");
        File.WriteAllText(suite, SpecJson.Write(made.Suite));
        made.Finish("Softmax", 1);
        var (code, output, _) = Cli.Run(Parent, "status", suite, "--results", Parent);
        var rows = output.Split('\n').Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.That((code, rows.Count), Is.EqualTo((3, 9)), "3: trials are left to run");
        Assert.That(rows.Select(row => row[5]), Has.Exactly(1).EqualTo("done").And.Exactly(8).EqualTo("waiting"));
    }

    [Test]
    public void Status_and_report_of_a_suite_that_never_ran_say_so([Values("status", "report")] string command)
    {
        var (code, output, errors) = Cli.Run(Parent, command, "quick", "--results", Parent);
        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(errors, Is.EqualTo($"error: quick: was never run: no trials in {Path.Combine(Parent, "quick")}; run it first " +
            "(ablation run quick), or name the folder of its results with --results\n"));
    }

    [Test]
    public void A_folder_without_results_ends_with_2()
    {
        var (code, _, errors) = Cli.Run(Parent, "status", ".");
        Assert.That((code, errors),
            Is.EqualTo((2,
                "error: .: not the results of a suite, as it has no folder 'trials'; give a suite, or its folder below --results\n")));
        made.Finish("Softmax", 1);
        (code, _, errors) = Cli.Run(Parent, "watch", "made", "--seeds", "1");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("--set, --seeds, --losses and --conditions choose from a suite"));
    }

    [Test]
    public void Watch_ends_with_the_suite()
    {
        made.Finish("Softmax", 1);
        var (code, output, _) = Cli.Run(Parent, "watch", "made", "--every", "0.1");
        Assert.That(code, Is.Zero);
        Assert.That(output.Split('\n')[^1], Does.Match("^....-..-..T..:..:..Z totals suite=made finished=1 running=0 failed=0 waiting=0$"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "POSIX signals")]
    public void An_interrupted_watch_ends_with_130()
    {
        using var cli = Cli.Start(Parent, "watch", "quick", "--results", Parent);
        cli.WaitForText(" totals suite=quick finished=0 ");
        cli.Signal(Cli.Terminate);
        Assert.That((cli.End(), cli.Errors), Is.EqualTo((130, "")));
    }

    [Test]
    public void Bench_store_times_both_commands()
    {
        var (code, output, errors) = Cli.Run(Parent, "bench", "store", "--trials", "20", "--pairs", "100", "--rounds", "1");
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output,
            Does.Contain("1 losses x 1 trainings x 20 seeds, 100 pairs each").And.Match(@"status  median \d").And.Match(
                @"report  median \d.*peak memory [1-9]\d+ MiB"));
    }

    private string Parent => Path.GetDirectoryName(Directory.CreateDirectory(made.Store.Folder).FullName)!;
}
