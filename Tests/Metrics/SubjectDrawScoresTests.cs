using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Metrics;

public sealed class SubjectDrawScoresTests
{
    private static SubjectDrawScores Example(int seed = 0)
    {
        var random = new Random(1);
        int[] subject = [.. Enumerable.Range(0, 60).Select(probe => probe / 3)];
        double[] similarity = [.. Enumerable.Range(0, 60 * 20)
            .Select(i => Math.Round(random.NextDouble() * 0.6 + (subject[i / 20] == i % 20 ? 0.3 : 0), 2))];
        return new SubjectDrawScores("SCface 4.20 m", similarity, subject, 12, 5, seed);
    }

    [Test]
    public void A_draw_has_only_its_subjects_in_gallery_and_probes()
    {
        var scores = Example();
        var shares = Enumerable.Range(0, 5).Select(draw => Naive(scores, scores.Drawn(draw))).ToList();
        var (all, drawn) = (scores.Metrics()[0], scores.Metrics()[1]);
        Assert.That(all.Value, Is.EqualTo(Naive(scores, [.. Enumerable.Repeat(true, 20)])));
        Assert.That(all.Estimator, Is.EqualTo("all 20, without fine-tuning"));
        var sample = Sample.Summarise(shares);
        Assert.That(drawn.Value, Is.EqualTo(sample.Mean));
        Assert.That(drawn.Interval!.High - drawn.Value, Is.EqualTo(sample.HalfWidth).Within(1e-12));
        Assert.That((drawn.Estimator, drawn.N), Is.EqualTo(("12 of 20, 5 draws", 36)));
        Assert.That(scores.Drawn(0).Count(isDrawn => isDrawn), Is.EqualTo(12));
        Assert.That(scores.Drawn(0), Is.Not.EqualTo(scores.Drawn(1)));
        Assert.That(Example(1).Drawn(0), Is.Not.EqualTo(scores.Drawn(0)));
        var ranks = scores.AllMetrics(0, 0).Where(metric => metric.Estimator.StartsWith("all")).Select(metric => metric.Value);
        Assert.That(ranks, Is.Ordered);
    }

    [Test]
    public void Undefined_figures_are_left_out_and_damaged_scores_are_refused()
    {
        var scores = Example();
        Assert.That((scores with { TestSubjects = 20 }).Metrics()
            .Select(metric => metric.Value.HasValue), Is.EqualTo(new[] { true, false }));
        Assert.That((scores with { Similarity = Array.ConvertAll(scores.Similarity, _ => 0.5) }).Metrics()
            .Select(metric => metric.Value), Is.All.Null);
        var sick = scores.Similarity.ToArray();
        sick[45] = double.NaN;
        Assert.That(() => (scores with { Similarity = sick })
            .Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains("probe 2: its score NaN"));
        Assert.That(() => (scores with { Subject = [.. Enumerable.Repeat(20, 60)] }).Metrics(), Throws.TypeOf<DataProblem>());
        Assert.That(() => (scores with { Similarity = scores.Similarity[..100] }).Metrics(), Throws.TypeOf<DataProblem>());
        Assert.That(() => new SubjectDrawScores("x", [], [], 2, 2, 0)
            .Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains("no probes"));
    }

    [Test]
    public void Stored_scores_give_the_same_figures()
    {
        using var folder = new TemporaryFolder();
        ScoresFile.Write(folder.File("scores.npz"), Example(3));
        var read = ScoresFile.Read(folder.File("scores.npz"), "SCface 4.20 m");
        Assert.That(read.AllMetrics(0, 0), Is.EqualTo(Example(3).AllMetrics(0, 0)));
    }

    private static double Naive(SubjectDrawScores scores, bool[] isThere)
    {
        var probes = Enumerable.Range(0, scores.Subject.Length).Where(probe => isThere[scores.Subject[probe]]).ToList();
        return probes.Count(probe => Enumerable.Range(0, 20).Where(subject => isThere[subject])
            .OrderByDescending(subject => scores.Similarity[probe * 20 + subject]).ThenBy(subject => subject)
            .First() == scores.Subject[probe]) / (double)probes.Count;
    }
}
