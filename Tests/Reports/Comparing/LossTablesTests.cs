using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;

namespace Ablation.Tests.Reports.Comparing;

/// <summary>Losses of a suite on the terminal: the same comparisons as in its report.</summary>
[Parallelizable]
public sealed class LossTablesTests
{
    [Test]
    public void The_numbers_are_those_of_the_report()
    {
        using var known = new KnownSuite(16).Save();
        var finding = AnswerFinding.All(Summary.Read(known.Suite, known.Store)).Single();
        var row = finding.Rows.Single(one => one.Name == "ArcFace");
        var lines = LossTables.Lines(known.Suite, known.Store, ["softmax", "ArcFace"], TerminalLook.OfFile).ToList();
        Assert.That(lines[0], Is.EqualTo($"ArcFace {ComparisonWords.Finding(row.Comparison!, "Softmax", finding.Format)}."));
        Assert.That(lines, Has.One.Match(@"^Softmax +88\.8 +6 +compared with$").And.One.Match(@"^ArcFace +94\.6 +6 +\+5\.8 .*better$"));
        Assert.That(lines, Has.None.Contains("Npt").And.None.Contains("chosen afterwards"));
        Assert.That(LossTables.Lines(known.Suite, known.Store, ["ArcFace"], TerminalLook.OfFile), Is.EqualTo(lines));
    }

    [Test]
    public void Another_loss_than_the_baseline_is_compared_with_and_that_is_said()
    {
        using var known = new KnownSuite(16).Save();
        var lines = LossTables.Lines(known.Suite, known.Store, ["ArcFace", "Npt"], TerminalLook.OfFile).ToList();
        Assert.That(lines[0], Does.StartWith("Npt is worse than ArcFace by 5.8 points"));
        Assert.That(lines[^1], Does.StartWith("The suite declares Softmax as its baseline"));
    }

    [Test]
    public void A_name_that_is_no_loss_is_an_error_with_the_known_ones()
    {
        using var known = new KnownSuite(16).Save();
        Assert.That(() => LossTables.Lines(known.Suite, known.Store, ["Softmax", "ArcFce"], TerminalLook.OfFile).ToList(),
            Throws.TypeOf<SuiteException>().With.Message.StartWith("ArcFce: no such loss in known").And.Message.Contains("ArcFace"));
        Assert.That(() => LossTables.Lines(known.Suite, known.Store, ["Softmax"], TerminalLook.OfFile).ToList(),
            Throws.TypeOf<SuiteException>().With.Message.StartWith("known: Softmax is the baseline; name two losses"));
    }
}
