using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Templates dealt from any faces: who is in which, and what two of them score.</summary>
public sealed class DrawnTemplatesTests
{
    private static readonly SyntheticOptions Faces = new() { Identities = 6, ImagesPerIdentity = 7, Resolution = 16 };

    private static readonly DrawnTemplatesOptions Options = new() { Faces = Faces, ImagesPerTemplate = 3, Name = "templates" };

    [Test]
    public void Every_pair_of_templates_is_scored_once_and_one_person_has_three()
    {
        using var test = Options.Open(new DataRoot("."));
        Assert.That((test.Name, test.ImageCount, test.ScoreCount), Is.EqualTo(("templates", 42, 18L * 17 / 2)));
        var scores = (PairScores)test.Score(Of(test, image => image), default).Single();
        Assert.That((scores.Same.Length, scores.Same.Count(same => same)), Is.EqualTo((153, 6 * 3)));
    }

    [Test]
    public void Pictures_of_one_person_that_are_alike_make_templates_that_are_alike()
    {
        using var test = Options.Open(new DataRoot("."));
        var scores = (PairScores)test.Score(Of(test, image => image / 7), default).Single(); // an embedding a person
        Assert.That(scores.SquaredDistance.Zip(scores.Same).Where(pair => pair.Second).Select(pair => pair.First), Is.All.EqualTo(0)
            .Within(1e-6));
        Assert.That(scores.SquaredDistance.Zip(scores.Same).Where(pair => !pair.Second)
            .Select(pair => pair.First), Is.All.GreaterThan(1e-3));
    }

    [Test]
    public void A_template_is_the_sum_of_its_images_raw()
    {
        var options = Options with { Faces = Faces with { Identities = 2, ImagesPerIdentity = 2 } };
        using var test = options.Open(new DataRoot("."));
        float[] values = [3, 0, 0, 1, 1, 1, 2, 0]; // two images a person, each a template of its own
        var alone = (PairScores)test.Score(new TestEmbeddings(new EmbeddingMatrix(values, 2)), default).Single();
        Assert.That(alone.SquaredDistance.Order().First(), Is.EqualTo(0).Within(1e-6), "(3, 0) and (2, 0) of two people point one way");
        using var sums = (Options with { Faces = Faces with { Identities = 2, ImagesPerIdentity = 4 }, ImagesPerTemplate = 2 })
            .Open(new DataRoot("."));
        float[] pairs = [3, 0, 3, 0, 3, 0, 3, 0, 0, 1, 0, 1, 0, 1, 0, 1];
        var scores = (PairScores)sums.Score(new TestEmbeddings(new EmbeddingMatrix(pairs, 2)), default).Single();
        Assert.That(scores.SquaredDistance, Is.EqualTo(scores.Same.Select(same => same ? 0f : 2f))
            .Within(1e-6f), "0 within a person, orthogonal between them");
    }

    [Test]
    public void Another_seed_deals_otherwise_and_the_same_deals_alike()
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
