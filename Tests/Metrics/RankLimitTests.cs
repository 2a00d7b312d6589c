using Ablation.Experiments.Evaluating;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Metrics;

/// <summary>A rank that every network reaches is not reported.</summary>
public sealed class RankLimitTests
{
    [TestCase(3, 1, new[] { 1 })]
    [TestCase(5, 1, new[] { 1 })]
    [TestCase(6, 1, new[] { 1, 5 })]
    [TestCase(10, 1, new[] { 1, 5 })]
    [TestCase(11, 1, new[] { 1, 5, 10 })]
    [TestCase(3, 2, new[] { 1 })] // six entries, at most four before the better mate
    public void A_rank_must_lie_below_the_number_of_entries(int identities, int enrolled, int[] figures)
    {
        var faces = new SyntheticOptions { Identities = identities, ImagesPerIdentity = 4, Resolution = 16 };
        using var test = new IdentificationOptions { Faces = faces, Enrolled = enrolled }.Open(new DataRoot("."));
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(Random(test.ImageCount)), default).Single();
        var ranks = scores.Metrics().Where(metric => metric.Name.StartsWith("rank-", StringComparison.Ordinal)).ToList();
        Assert.That(ranks.Select(metric => metric.Name), Is.EqualTo(new[] { "rank-1", "rank-5", "rank-10" }));
        Assert.That(ranks.Where(metric => metric.Value is not null)
            .Select(metric => metric.Name), Is.EqualTo(figures.Select(k => $"rank-{k}")));
        Assert.That(scores.AllMetrics(20, 0).Where(metric => metric.Value is null).Select(metric => metric.Interval), Is.All.Null);
        Assert.That(scores.Gallery, Is.EqualTo(new[] { identities * enrolled }));
        Assert.That(scores.Cmc(0, 50), Has.Length.EqualTo(enrolled * identities - enrolled), "the curve ends at the largest rank");
        Assert.That(scores.Cmc(0, 2), Has.Length.EqualTo(2));
        using var folder = new TemporaryFolder();
        Assert.That(File.ReadAllLines(CurveFiles.Write(folder.Path, scores)!), Has.Length.EqualTo(1 + enrolled * identities - enrolled));
        var earlier = scores with { Gallery = null };
        Assert.That(earlier.Metrics(), Is.EqualTo(scores.Metrics()), "scores stored without the number imply it by their persons");
    }

    [Test]
    public void Distractors_are_entries()
    {
        IdentificationScores scores = new("1:N", MateRule.Any, [1, 1], [0.9, 0.5], [0, 0, 1, 1], [0.2, 0.3, 0.6, 0.7], [[], []], [3, 4],
            [1, 5])
        { Person = [1, 2] };
        Assert.That(scores.Metrics().Where(metric => metric.Name.StartsWith("rank", StringComparison.Ordinal))
            .Select(metric => metric.Value), Is.EqualTo(new double?[] { 0.5, null, 0.5, 1 }));
        var alone = scores with { Mates = MateRule.EachAlone };
        Assert.That(alone.Metrics().Where(metric => metric.Name.StartsWith("rank-5", StringComparison.Ordinal))
            .Select(metric => metric.Value), Is.All.Null, "a mate and four distractors are five");
        Assert.That((alone with { Distractors = [3, 5] }).Metrics()
            .Last(metric => metric.Name.StartsWith("rank-5", StringComparison.Ordinal)).Value, Is.EqualTo(1));
        Assert.That(() => (scores with { Gallery = [5] })
            .Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains("1 sizes of galleries for 2 levels"));
    }

    [Test]
    public void Scores_without_a_number_of_entries_imply_the_smallest()
    {
        IdentificationScores scores = new("1:N", MateRule.Any, [1, 0], [0.9], [6], [0.2, 0.3], [[]], [], [1, 5, 10]);
        Assert.That(RankLimit.Entries(scores, 0), Is.EqualTo(7), "six rank before the mate");
        Assert.That(scores.Metrics().Take(3).Select(metric => metric.Value is not null), Is.EqualTo(new[] { true, true, false }));
        Assert.That(RankLimit.Largest(scores with { Before = [0] }, 0), Is.EqualTo(1), "another identity has a score");
    }

    [Test]
    public void A_template_search_stores_the_size_of_its_gallery()
    {
        var gallery = Rows(3);
        var search = new TemplateSearch("1:N", gallery, [0, 1, 2], Rows(6), [0, 1, 2, 0, 1, 2]).Score(default);
        Assert.That(search.Metrics().Take(3)
            .Select(metric => (metric.Name, metric.Value is not null)),
            Is.EqualTo(new[] { ("rank-1", true), ("rank-5", false), ("rank-10", false) }));
    }

    [Test]
    public void Each_draw_of_subjects_has_its_own_gallery()
    {
        var random = new Random(3);
        int[] subject = [.. Enumerable.Range(0, 36).Select(probe => probe / 3)];
        var scores = new SubjectDrawScores("SCface", [.. Enumerable.Range(0, 36 * 12).Select(_ => random.NextDouble())], subject, 6, 4, 0);
        var figures = scores.AllMetrics(0, 0).ToDictionary(metric => (metric.Name, metric.Estimator[..3]), metric => metric.Value);
        Assert.That(figures.Where(one => one.Value is null).Select(one => one.Key), Is.EqualTo(new[] { ("rank-10", "6 o") }));
        figures = (scores with { TestSubjects = 5 }).AllMetrics(0, 0)
            .ToDictionary(metric => (metric.Name, metric.Estimator[..3]), metric => metric.Value);
        Assert.That(figures.Where(one => one.Value is null)
            .Select(one => one.Key), Is.EqualTo(new[] { ("rank-5", "5 o"), ("rank-10", "5 o") }));
        var few = new SubjectDrawScores("SCface", [.. Enumerable.Range(0, 12 * 4).Select(_ => random.NextDouble())],
            [.. Enumerable.Range(0, 12).Select(probe => probe / 3)], 2, 2, 0);
        Assert.That(few.AllMetrics(0, 0).Where(metric => metric.Name != "rank-1").Select(metric => metric.Value), Is.All.Null);
    }

    private static EmbeddingMatrix Random(int rows)
    {
        var (matrix, random) = (new EmbeddingMatrix(rows, 8), new Random(5));
        for (var row = 0; row < rows; row++) foreach (ref var value in matrix[row]) value = (float)(random.NextDouble() - 0.5);
        return matrix;
    }

    private static EmbeddingMatrix Rows(int rows)
    {
        var matrix = new EmbeddingMatrix(rows, 4);
        for (var row = 0; row < rows; row++)
        {
            matrix[row][row % 3] = 0.8f;
            matrix[row][3] = 0.6f;
        }

        return matrix;
    }
}
