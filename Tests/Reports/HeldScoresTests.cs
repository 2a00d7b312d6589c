using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;

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
        var (roomy, narrow) = (First(stored, new SharedDesign()), First(stored, new SharedDesign(room: 0)));
        var before = (PairScores)roomy.Read();
        Assert.That((before.Test, narrow.Test, narrow.Kind), Is.EqualTo((roomy.Test, roomy.Test, typeof(PairScores))));
        foreach (var file in Directory.GetFiles(stored.Store.Folder, "scores-*.npz", SearchOption.AllDirectories)) File.Delete(file);
        GC.Collect();
        Assert.That(roomy.Read(), Is.SameAs(before));
        Assert.That(Assert.Throws<InvalidDataException>(() => narrow.Read())!.Message,
            Does.Contain("scores-").And.Contain("run the trial again"));
    }

    [Test]
    public void Scores_that_were_read_again_stay_for_the_next_column()
    {
        using var stored = new StoredSuite();
        stored.Save();
        var narrow = First(stored, new SharedDesign(room: 0));
        GC.Collect();
        var read = narrow.Read();
        GC.Collect();
        Assert.That(narrow.Read(), Is.SameAs(read));
    }

    private static HeldScores First(StoredSuite stored, SharedDesign design) =>
        Summary.Read(stored.Suite, stored.Store, design).Trials.First(trial => trial.Scores.Count > 0).Scores[0];
}
