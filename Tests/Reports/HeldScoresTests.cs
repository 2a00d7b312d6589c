using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Tests.Reports;

/// <summary>A report that has no room for the scores reads them again, with the same figures.</summary>
[Parallelizable]
public sealed class HeldScoresTests
{
    [Test]
    public void Without_room_every_figure_is_the_same()
    {
        using var stored = new StoredSuite();
        stored.Save();
        var roomy = Summary.Read(stored.Suite, stored.Store);
        var narrow = Summary.Read(stored.Suite, stored.Store, new SharedDesign(room: 0));
        foreach (var table in roomy.Tables)
        {
            foreach (var row in roomy.Rows)
            {
                var expected = PairCurves.PerSeed(roomy, table, row);
                var found = PairCurves.PerSeed(narrow, table, row);
                Assert.That(found.Select(curve => curve.Points), Is.EqualTo(expected.Select(curve => curve.Points)), row);
            }
        }
    }

    [Test]
    public void Only_scores_without_room_are_read_again()
    {
        using var stored = new StoredSuite();
        stored.Save();
        var (roomy, narrow) = (All(stored, new SharedDesign()), All(stored, new SharedDesign(room: 0)));
        var before = roomy.ConvertAll(one => one.Read());
        Assert.That(narrow.Select(one => (one.Test, one.Kind)), Is.EqualTo(before.Select(one => (one.Test, one.GetType()))));
        foreach (var file in Directory.GetFiles(stored.Store.Folder, "scores-*.npz", SearchOption.AllDirectories)) File.Delete(file);
        GC.Collect();
        Assert.That(roomy.Select(one => one.Read()), Is.EqualTo(before));
        var lost = narrow.Where(one => Fault(one) is { } fault && fault.Contains("scores-", StringComparison.Ordinal)
            && fault.Contains("run the trial again", StringComparison.Ordinal)).ToList();
        Assert.That(lost, Has.Count.EqualTo(narrow.Count - 1), "the first that was read lends its truths and folds to the others");
    }

    [Test]
    public void Scores_that_were_read_again_stay_for_the_next_column()
    {
        using var stored = new StoredSuite();
        stored.Save();
        var narrow = All(stored, new SharedDesign(room: 0))[^1];
        GC.Collect();
        var read = narrow.Read();
        GC.Collect();
        Assert.That(narrow.Read(), Is.SameAs(read));
    }

    private static List<HeldScores> All(StoredSuite stored, SharedDesign design) =>
        [.. Summary.Read(stored.Suite, stored.Store, design).Trials.SelectMany(trial => trial.Scores)];

    private static string? Fault(HeldScores scores)
    {
        try
        {
            scores.Read();
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }
}
