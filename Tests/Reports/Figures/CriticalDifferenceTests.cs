using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Tests.Reports.Figures;

/// <summary>
/// The critical-difference figure of a stored suite: ranks over its conditions, and the note if there is nothing to rank.
/// </summary>
[Parallelizable]
public sealed class CriticalDifferenceTests
{
    [Test]
    public void Losses_are_ranked_over_conditions()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite, stored.Store);
        var figure = (Figure)new CriticalDifferenceOptions().OfSuite(summary, stored.Store.Folder).Single();
        Assert.That(figure.Caption, Does.Contain("over 2 conditions x tests,").And.Contain("Friedman's test: p = "));
        foreach (var loss in new[] { "Softmax", "ArcFace", "Npt" }) Assert.That(figure.Svg, Does.Contain(loss));
        Assert.That(figure.Svg, Does.Not.Contain("untrained"));
        Assert.That(File.Exists(Path.Combine(stored.Store.Folder, figure.Path)));
    }

    [Test]
    public void An_unknown_metric_gives_a_note_with_the_known_ones()
    {
        using var stored = new StoredSuite().Save();
        var note = (Note)new CriticalDifferenceOptions { Metric = "rank-1" }.OfSuite(Summary.Read(stored.Suite, stored.Store),
            stored.Store.Folder).Single();
        Assert.That(note.Text,
            Does.StartWith("figure CriticalDifference: rank-1 (10-fold, grid) has no two").And.Contain("known: accuracy (10-fold, grid)"));
    }

    [Test]
    public void With_a_loss_without_results_no_block_is_complete()
    {
        using var stored = new StoredSuite().Save(trial => trial.Label != "Npt");
        Assert.That(new CriticalDifferenceOptions().OfSuite(Summary.Read(stored.Suite, stored.Store), stored.Store.Folder)
            .Single(), Is.InstanceOf<Note>());
    }
}
