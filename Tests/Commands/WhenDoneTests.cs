using Ablation.Experiments.Processes;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary>The command of --when-done receives how the run ended, and changes nothing of it.</summary>
public sealed class WhenDoneTests
{
    private readonly List<string> said = [];

    private static string Echo => OperatingSystem.IsWindows()
        ? "echo %ABLATION_SUITE% %ABLATION_RESULT% %ABLATION_FAILED% [%ABLATION_REPORT%]"
        : "echo $ABLATION_SUITE $ABLATION_RESULT $ABLATION_FAILED [$ABLATION_REPORT]";

    private readonly RunNews news = new() { Suite = "quick", Report = "a page.html", Failed = 2 };

    [SetUp]
    public void Clear()
    {
        said.Clear();
        news.IsInterrupted = false;
    }

    [TestCase(0, false, "done")]
    [TestCase(1, false, "failed")]
    [TestCase(0, true, "interrupted")]
    [TestCase(1, true, "interrupted")]
    public void It_finds_the_end_in_its_environment(int code, bool isInterrupted, string result)
    {
        news.IsInterrupted = isInterrupted;
        Assert.That(WhenDone.After(Echo, news, () => code, Say), Is.EqualTo(code));
        Assert.That(said.Single().TrimEnd(), Is.EqualTo($"quick {result} 2 [a page.html]"));
    }

    [Test]
    public void An_error_and_a_stop_are_reported_and_rethrown()
    {
        Assert.That(() => WhenDone.After(Echo, news, () => throw new IOException("disk"), Say), Throws.InstanceOf<IOException>());
        Assert.That(() => WhenDone.After(Echo, news, () => throw new OperationCanceledException(), Say),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(said, Has.Count.EqualTo(2).And.Some.StartsWith("quick failed").And.Some.StartsWith("quick interrupted"));
    }

    [Test]
    public void Its_failure_is_said_and_does_not_change_the_run()
    {
        Assert.That(WhenDone.After("exit 7", news, () => 0, Say), Is.Zero);
        Assert.That(said.Single(), Is.EqualTo("--when-done: exit 7: ended with exit code 7; the run itself is done"));
    }

    [Test]
    public void Without_a_command_nothing_is_started()
    {
        Assert.That(WhenDone.After(null, news, () => 1, Say), Is.EqualTo(1));
        Assert.That(said, Is.Empty);
    }

    [Test, Category("Slow")]
    public void A_run_tells_its_suite_and_takes_what_another_suite_has()
    {
        using var folder = new TemporaryFolder();
        var suite = TinySuite.Of(new SoftmaxOptions()) with { Name = "one" };
        foreach (var name in (string[])["one", "two"]) File.WriteAllText(folder.File($"{name}.jsonc"), SpecJson.Write(suite));
        Assert.That(Cli.Run(folder.Path, "run", "one.jsonc", "--device", "cpu").Code, Is.Zero);
        var plan = Cli.Run(folder.Path, "plan", "two.jsonc", "--device", "cpu");
        Assert.That((plan.Code, plan.Output), Is.EqualTo((0, "1 trial finished in one: taken from there, not trained")));
        var (code, output, errors) = Cli.Run(folder.Path, "run", "two.jsonc", "--device", "cpu", "--when-done", Echo);
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("1 trial taken from one, where the same trial is finished")
            .And.Contain("0 finished, 1 already there"));
        Assert.That(output.Split('\n')[^1].TrimEnd(), Is.EqualTo($"two done 0 [{folder.File("results/two/report.html")}]"));
        var id = suite.Id("Softmax");
        Assert.That(File.ReadAllBytes(folder.File($"results/two/trials/{id}/result.json")),
            Is.EqualTo(File.ReadAllBytes(folder.File($"results/one/trials/{id}/result.json"))));
    }

    [Test, Category("Slow")]
    [Platform(Exclude = "Win", Reason = "POSIX signals")]
    public void A_run_that_is_stopped_tells_it_and_waits_for_the_command()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), SuiteText.Good.Replace("\"epochs\": 1", "\"epochs\": 200", StringComparison.Ordinal));
        using var run = Cli.Start(folder.Path, "run", "own.jsonc", "--jobs", "1", "--device", "cpu", "--seeds", "1", "--no-report",
            "--when-done", "sleep 3; " + Echo);
        run.WaitForText(" number=1/");
        run.Signal(Cli.Terminate);
        Assert.That(run.End(), Is.EqualTo(130), run.Errors);
        Assert.That(run.Output, Does.Match("own interrupted 0 \\[\\]"));
        Assert.That(run.Errors, Does.Contain("stopped; finished trials are kept"));
    }

    private void Say(string line)
    {
        lock (said) said.Add(line);
    }
}
