using Ablation.Experiments.Reports;
using Ablation.Experiments.Terminal;
using Ablation.Harness;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Reports;

/// <summary><c>compare</c> shows what two trials have and do not have in common.</summary>
[Parallelizable]
public sealed class TrialComparisonTests
{
    private static readonly TerminalLook Wide = new(100, 40, false, false, true);
    private TrialResult one = null!, other = null!;

    [SetUp]
    public void Make()
    {
        using var stored = new StoredSuite();
        var made = stored.Outputs().Select(pair => pair.Output.Result).ToList();
        one = Of("Softmax");
        other = Of("ArcFace");

        TrialResult Of(string label) => made.First(trial => trial.Label == label) is var found
            ? found with { Metrics = [found.Metrics[0] with { Value = label == "Softmax" ? 0.9181 : 0.9044 }] } : null!;
    }

    [Test]
    public void A_table_has_the_difference_in_points()
    {
        var lines = TrialComparison.Lines(one, other, Wide).ToList();
        Assert.That(lines[0], Does.Contain("A  Softmax, seed 1").And.Contain("B  ArcFace, seed 1").And.EndWith("B − A"));
        Assert.That(lines[1].Trim(), Is.EqualTo(one.Metrics[0].Test), "once, above its figures");
        Assert.That(lines[2], Does.StartWith($"  {one.Metrics[0].Name} %").And.Match(@" 91\.8 +90\.4 +-1\.4$"));
        Assert.That(lines, Has.One.Match("^last loss .*other scale$"), "two losses have no common scale");
    }

    [Test]
    public void Settings_that_differ_are_listed_and_no_others()
    {
        Assert.That(TrialComparison.Lines(one, other, TerminalLook.OfFile).ElementAt(1), Does.StartWith($"{one.Metrics[0].Test}: "));
        var paths = TrialComparison.Lines(one, other, TerminalLook.OfFile).Select(line => line.Split('\t')[0])
            .Where(path => path.StartsWith("losses.", StringComparison.Ordinal)).ToList();
        Assert.That(paths, Does.Contain("losses.type").And.Contain("losses.marginRadians"));
        Assert.That(TrialComparison.Lines(one, one, TerminalLook.OfFile).Select(line => line.Split('\t')[0]),
            Has.None.StartsWith("losses.").And.None.StartsWith("trainings."));
    }

    [Test]
    public void What_is_the_same_and_what_is_not_is_said()
    {
        Assert.That(TrialComparison.Lines(one, one, Wide), Has.Some.StartsWith("same: network, pixels, data, training, starting weights"));
        var moved = other with { Pairing = other.Pairing with { Batches = "another" } };
        var lines = TrialComparison.Lines(one, moved, Wide).ToList();
        Assert.That(string.Join('\n', lines), Does.Match(@"\nsame: [^;]*;\s+not\s+the\s+same:\s[^;]*first\s+batch"));
        Assert.That(lines.Select(line => line.Length), Is.All.LessThanOrEqualTo(Wide.Width));
    }

    [Test]
    public void A_figure_that_one_lacks_is_no_number()
    {
        var without = other with { Metrics = [other.Metrics[0] with { Value = null }] };
        Assert.That(TrialComparison.Lines(one, without, TerminalLook.OfFile).ElementAt(1), Does.EndWith("\t91.8\tn/a\t"));
        Assert.That(TrialComparison.Lines(one, other with { Metrics = [] }, TerminalLook.OfFile).ElementAt(1),
            Does.EndWith("\t91.8\tn/a\t"));
    }

    [Test]
    public void The_same_loss_has_one_scale() => Assert.That(
        TrialComparison.Lines(one with { FinalLoss = 1.5 }, one with { FinalLoss = 1.25 }, TerminalLook.OfFile),
        Has.One.EqualTo("last loss\t1.50\t1.25\t-0.25"));

    [Test, Category("Slow")]
    public void The_commands_find_trials_and_pages_by_what_a_person_writes()
    {
        using var folder = new TemporaryFolder();
        using var stored = new StoredSuite().Save();
        var trials = Path.Combine(stored.Store.Folder, "trials");
        var (code, output, errors) = Cli.Run(folder.Path, "compare", Path.Combine(trials, one.Id), Path.Combine(trials, other.Id));
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith("field\tSoftmax, seed 1\tArcFace, seed 1\tdifference\n"));
        Assert.That(Cli.Run(folder.Path, "compare", one.Id, "ffff0000", "--results", folder.Path).Code, Is.EqualTo(2));

        var (missing, _, said) = Cli.Run(folder.Path, "open", "quick", "--print");
        Assert.That(missing, Is.EqualTo(2));
        Assert.That(said, Does.Contain("ablation run quick trains and writes it"));
        var page = folder.File("results/quick/report.html");
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        File.WriteAllText(page, "");
        Assert.That(Cli.Run(folder.Path, "open", "quick", "--print").Output.Trim(), Is.EqualTo(page));
    }
}
