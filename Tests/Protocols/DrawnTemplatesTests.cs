using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Templates drawn from any faces: their images and their scores.</summary>
public sealed class DrawnTemplatesTests
{
    private static readonly SyntheticOptions Faces = new() { Identities = 6, ImagesPerIdentity = 7, Resolution = 16 };

    private static readonly DrawnTemplatesOptions Options = new() { Faces = Faces, ImagesPerTemplate = 3, Name = "templates" };

    [Test]
    public void Every_pair_of_templates_is_scored_once_with_three_per_person()
    {
        using var test = Options.Open(new DataRoot("."));
        Assert.That((test.Name, test.ImageCount, test.ScoreCount), Is.EqualTo(("templates", 42, 18L * 17 / 2)));
        var scores = (PairScores)test.Score(Of(test, image => image), default).Single();
        Assert.That((scores.Same.Length, scores.Same.Count(same => same)), Is.EqualTo((153, 6 * 3)));
    }

    [Test]
    public void Equal_embeddings_of_a_person_give_equal_templates()
    {
        using var test = Options.Open(new DataRoot("."));
        var scores = (PairScores)test.Score(Of(test, image => image / 7), default).Single(); // one embedding per person
        Assert.That(scores.SquaredDistance.Zip(scores.Same).Where(pair => pair.Second).Select(pair => pair.First), Is.All.EqualTo(0)
            .Within(1e-6));
        Assert.That(scores.SquaredDistance.Zip(scores.Same).Where(pair => !pair.Second)
            .Select(pair => pair.First), Is.All.GreaterThan(1e-3));
    }

    [Test]
    public void A_template_is_the_sum_of_its_raw_embeddings()
    {
        var options = Options with { Faces = Faces with { Identities = 2, ImagesPerIdentity = 2 } };
        using var test = options.Open(new DataRoot("."));
        float[] values = [3, 0, 0, 1, 1, 1, 2, 0]; // two images per person, each a template
        var alone = (PairScores)test.Score(new TestEmbeddings(new EmbeddingMatrix(values, 2)), default).Single();
        Assert.That(alone.SquaredDistance.Order().First(), Is.EqualTo(0).Within(1e-6), "(3, 0) and (2, 0) of two people are parallel");
        using var sums = (Options with { Faces = Faces with { Identities = 2, ImagesPerIdentity = 4 }, ImagesPerTemplate = 2 })
            .Open(new DataRoot("."));
        float[] pairs = [3, 0, 3, 0, 3, 0, 3, 0, 0, 1, 0, 1, 0, 1, 0, 1];
        var scores = (PairScores)sums.Score(new TestEmbeddings(new EmbeddingMatrix(pairs, 2)), default).Single();
        Assert.That(scores.SquaredDistance, Is.EqualTo(scores.Same.Select(same => same ? 0f : 2f))
            .Within(1e-6f), "0 within a person, orthogonal between them");
    }

    [Test]
    public void The_seed_determines_the_templates()
    {
        using var one = Options.Open(new DataRoot("."));
        using var again = Options.Open(new DataRoot("."));
        using var other = (Options with { Seed = 1 }).Open(new DataRoot("."));
        float[] Distances(FaceTest test) => ((PairScores)test.Score(Of(test, image => image), default).Single()).SquaredDistance;
        Assert.That(Distances(again), Is.EqualTo(Distances(one)));
        Assert.That(Distances(other), Is.Not.EqualTo(Distances(one)));
    }

    [Test]
    public void People_with_one_image_each_have_no_pair() =>
        Assert.That(() => (Options with { Faces = Faces with { ImagesPerIdentity = 1 } })
            .Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("no identity has two images"));

    private static TestEmbeddings Of(FaceTest test, Func<int, int> look) => new(new EmbeddingMatrix(
        [.. Enumerable.Range(0, test.ImageCount)
            .SelectMany(image => new Random(look(image)) is var random
                ? Enumerable.Range(0, 8).Select(_ => (float)(random.NextDouble() - 0.5)) : [])], 8));
}
