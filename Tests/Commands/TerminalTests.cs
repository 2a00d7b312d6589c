using System.Text.RegularExpressions;
using Ablation.Experiments.Store;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary>What a person sees, through a pseudo-terminal.</summary>
[Category("Slow")]
public sealed class TerminalTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make()
    {
        made = new HandMadeSuite();
        foreach (var plan in made.Trials.Where(plan => plan.Spec.Seed < 3)) made.Finish(plan.Label, plan.Spec.Seed);
        made.Begin("Softmax", 3, "c", HandMadeSuite.Now.AddHours(-3));
        made.EndAttempt("Softmax", 3, "c", EndReason.OutOfMemory, "8.1 GB asked for, 8 GB allowed", HandMadeSuite.Now.AddHours(-2));
        File.WriteAllText(made.Files("Softmax", 3).Log,
            "a line of the log that is much longer than sixty columns, so that it does not fit\n");
        made.Begin("ArcFace", 3, "b", HandMadeSuite.Now.AddHours(-3));
        made.Progress("ArcFace", 3, "b", 420, HandMadeSuite.Now.AddHours(-3), HandMadeSuite.Now.AddHours(-2));
        made.Checkpoint("ArcFace", 3, 400);
    }

    [TearDown]
    public void Remove() => made.Dispose();

    [TestCase(40)]
    [TestCase(60)]
    [TestCase(80)]
    [TestCase(120)]
    [TestCase(200)]
    public void Status_in_a_terminal(int width)
    {
        var (code, _, screen) = PseudoTerminal.Run(Parent, width, ["status", "made"]);
        Assert.That(code, Is.EqualTo(1), screen.Text);
        Golden.Check(screen.Text, $"Screen_of_status_{width}");
        Assert.That(screen.HasWrapped, Is.False);
    }

    [TestCase(60)]
    [TestCase(80)]
    [TestCase(120)]
    [TestCase(200)]
    public void List_in_a_terminal_fits(int width)
    {
        var (code, _, screen) = PseudoTerminal.Run(Parent, width, ["list"]);
        Assert.That((code, screen.HasWrapped), Is.EqualTo((0, false)), screen.Text);
        Assert.That(screen.Lines,
            Has.Some.StartsWith("suites      common-table1 ").And.Some.StartsWith("losses      AdaCos AdaFace ArcFace"));
    }

    [TestCase("NO_COLOR=1", false)]
    [TestCase("TERM=dumb", true)]
    public void Colours_and_sequences_can_be_left_out(string variable, bool isDumb)
    {
        var (_, written, _) = PseudoTerminal.Run(Parent, 80, ["status", "made"], variable);
        Assert.That(written, Does.Contain("Softmax, seed 3").And.Not.Match("\u001b\\[[0-9;]+m"));
        if (isDumb) Assert.That(written, Does.Not.Contain('\u001b'));
    }

    [Test]
    public void An_error_is_the_last_thing_on_the_screen()
    {
        var (code, _, screen) = PseudoTerminal.Run(Parent, 80, ["status", "quik"]);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(screen.Text, Is.EqualTo("error: quik: no such suite; did you mean quick?\n" +
            "  name one that ships (ablation list suites), or the path of a .jsonc file\n"));
    }

    /// <summary>The rows of the block come and go; each finished trial stays on the screen, on one line.</summary>
    [TestCase(60)]
    [TestCase(80)]
    [TestCase(120)]
    [TestCase(200)]
    public void A_run_leaves_its_trials_and_its_table(int width)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), SuiteText.Good);
        var (code, _, screen) = PseudoTerminal.Run(folder.Path, width,
            ["run", "own.jsonc", "--device", "cpu", "--jobs", "2", "--threads", "1"]);
        Assert.That(code, Is.Zero, screen.Text);
        Assert.That(screen.Lines.Where(line => line.StartsWith(" ✓  ", StringComparison.Ordinal)), Has.Exactly(6).Items);
        Assert.That(screen.Lines, Has.Exactly(1).StartsWith("own · 6 trials · Small"));
        Assert.That(screen.Lines, Has.Exactly(1).StartsWith("    loss "));
        Assert.That(screen.Lines, Has.Exactly(1).StartsWith("own: 6 of 6 done in "));
        Assert.That(screen.Lines, Has.Exactly(1).StartsWith("Two seeds: too few for an interval."));
        Assert.That(screen.Lines, Has.Exactly(1).Match(@"^   ArcFace .*[+-]?\d+$"), "100 pairs support no decimal");
        Assert.That(screen.Text, Does.Not.Contain("░").And.Not.Contain("running"), "nothing of the block remains");
        Assert.That(Regex.Count(screen.Text, "report  "), Is.EqualTo(1));
    }

    private string Parent => Path.GetDirectoryName(Directory.CreateDirectory(made.Store.Folder).FullName)!;
}
