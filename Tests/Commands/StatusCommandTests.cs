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
        Assert.That(output, Does.Contain("1 trials: 1 done\nnothing is left to run"));

        made.Begin("ArcFace", 1, "a", DateTimeOffset.UtcNow.AddHours(-1));
        made.Fail("ArcFace", 1, "k is too large", DateTimeOffset.UtcNow);
        (code, output, _) = Cli.Run(Parent, "status", "made", "--json");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(SpecJson.Read<StatusJson>(output).Trials.Single(trial => trial.Stage == TrialStage.Failed).Message,
            Is.EqualTo("k is too large"));
    }

    [Test]
    public void Status_of_a_suite_counts_trials_that_never_started()
    {
        var (code, output, _) = Cli.Run(Parent, "status", "quick", "--seeds", "1", "--results", Parent);
        Assert.That((code, output),
            Is.EqualTo((0, "quick: Do six losses, trained alike on synthetic identities, verify identities that they have never seen?\n" +
            "7 trials: 7 waiting\nnothing runs; the same run command resumes the rest")));
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
        Assert.That(errors, Does.Contain("--seeds and --losses choose from a suite"));
    }

    [Test]
    public void Watch_ends_with_the_suite()
    {
        made.Finish("Softmax", 1);
        var (code, output, _) = Cli.Run(Parent, "watch", "made", "--every", "0.1");
        Assert.That((code, output.Split('\n')[^1]), Is.EqualTo((0, "nothing is left to run")));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "POSIX signals")]
    public void An_interrupted_watch_ends_with_130()
    {
        using var cli = Cli.Start(Parent, "watch", "quick", "--results", Parent);
        cli.WaitFor("nothing runs");
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
                @"report  median \d"));
    }

    private string Parent => Path.GetDirectoryName(Directory.CreateDirectory(made.Store.Folder).FullName)!;
}
