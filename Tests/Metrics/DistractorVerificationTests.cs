using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Metrics;

/// <summary>MegaFace's verification against a count of every pair.</summary>
public sealed class DistractorVerificationTests
{
    private static readonly IdentificationOptions Options = new()
    {
        Faces = new SyntheticOptions { Identities = 12, ImagesPerIdentity = 8, Resolution = 16 },
        Distractors = new SyntheticOptions { Identities = 300, ImagesPerIdentity = 4, Seed = 9, Resolution = 16 },
        DistractorCounts = [300, 1200],
        EachMateAlone = true,
        Name = "alone",
    };

    [Test]
    public void The_rate_equals_a_count_of_every_pair()
    {
        using var test = (IdentificationTest)Options.Open(new DataRoot("."));
        var rows = Embeddings(test);
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(rows), default).Single();
        var design = test.Design;
        Assert.That((design.Probes.Length, design.Enrolled.Length, design.Distractors.Length), Is.EqualTo((96, 0, 1200)));
        foreach (var (level, count) in design.Levels.Index())
        {
            var impostors = (from probe in design.Probes from other in design.Distractors.Take(count) select Cosine(rows, probe, other))
                .OrderDescending().ToList();
            var mates = (from a in design.Probes
                         from b in design.Probes
                         where a != b && design.ProbeIdentity[a] == design.ProbeIdentity[b]
                         select Cosine(rows, a, b)).ToList();
            foreach (var rate in new[] { 1e-6, 1e-5, 1e-4 })
            {
                var name = $"TAR@FAR=1e{Math.Log10(rate):F0} @ {(count == 300 ? "300" : "1200")} distractors";
                var metric = scores.Metrics().SingleOrDefault(one => one.Name == name);
                var allowed = (int)(rate * impostors.Count);
                Assert.That(metric is null, Is.EqualTo(allowed == 0), $"{name}: a rate below one impostor pair is not given");
                if (metric is null) continue;
                Assert.That(metric.Value, Is.EqualTo((double)mates.Count(mate => mate > impostors[allowed]) / mates.Count)
                    .Within(1e-12), name);
                Assert.That(metric.N, Is.EqualTo(12 * 8 * 7));
            }
        }

        Assert.That(scores.Metrics()
            .Count(metric => metric.Name.StartsWith("TAR", StringComparison.Ordinal)), Is.GreaterThan(1), "the premise");
    }

    [Test]
    public void It_is_computed_again_from_stored_scores()
    {
        using var test = Options.Open(new DataRoot("."));
        var rows = Embeddings(test);
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(rows), default).Single();
        Assert.That(new IdentificationScores(scores.Store()).Metrics(), Is.EqualTo(scores.Metrics()));
    }

    [Test]
    public void Scores_that_were_not_stored_give_no_number()
    {
        using var test = Options.Open(new DataRoot("."));
        var rows = Embeddings(test);
        var scores = (IdentificationScores)test.Score(new TestEmbeddings(rows), default).Single();
        var without = scores with { Highest = [.. scores.Highest.Select(_ => Array.Empty<double>())] };
        Assert.That(without.Metrics().Where(metric => metric.Name.StartsWith("TAR", StringComparison.Ordinal))
            .Select(metric => metric.Value), Is.All.Null);
    }

    [Test]
    public void Single_mates_need_distractors_and_no_gallery() => Assert.Multiple(() =>
    {
        Assert.That(() => (Options with { Distractors = null, DistractorCounts = null })
            .Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("no distractors"));
        Assert.That(() => (Options with { Enrolled = 2 })
            .Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("no identity is enrolled"));
        Assert.That(() => (Options with { Faces = new SyntheticOptions { Identities = 4, ImagesPerIdentity = 1, Resolution = 16 } })
            .Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("no probe has a mate"));
    });

    private static EmbeddingMatrix Embeddings(FaceTest test)
    {
        var random = new Random(3);
        var values = new float[test.ImageCount * 8];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(random.NextDouble() - 0.5);
        return new EmbeddingMatrix(values, 8);
    }

    private static double Cosine(EmbeddingMatrix rows, int a, int b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < rows.Dimension; i++)
        {
            ab += (double)rows[a][i] * rows[b][i];
            aa += (double)rows[a][i] * rows[a][i];
            bb += (double)rows[b][i] * rows[b][i];
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
