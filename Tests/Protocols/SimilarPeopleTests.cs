using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>People of a test who resemble people of the training set.</summary>
public sealed class SimilarPeopleTests
{
    [Test]
    public void A_close_nearest_training_identity_is_reported_per_person()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in new[] { "train/Ann/1", "train/Ann/2", "train/Bob/1", "test/Cid/1", "test/Cid/2", "test/Dora/1" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
            File.WriteAllBytes(folder.File(path + ".png"), Pictures.Png(Pictures.Of(path.Length)));
        }

        using var source = new FolderOptions { Path = "train" }.Open(new DataRoot(folder.Path));
        using var test = new SourceImages(new FolderOptions { Path = "test" }.Open(new DataRoot(folder.Path)));
        // Ann's two embeddings are on both sides of (1, 0); their lengths must not count
        EmbeddingMatrix trained = new([3, 0.3f, 1, -0.1f, 0, 2], 2), tested = new([0.1f, 0.9f, -0.2f, 1.8f, 1, -1], 2);
        var all = SimilarPeople.Find(source, trained, test, tested, -1, default);
        Assert.That(all.Select(pair => (pair.Tested, pair.Trained)), Is.EqualTo(new[] { ("Cid", "Bob"), ("Dora", "Ann") }));
        Assert.That(all[0].Cosine, Is.EqualTo(1).Within(1e-6), "the two embeddings of Cid are symmetric about Bob");
        Assert.That(all[1].Cosine, Is.EqualTo(Math.Sqrt(0.5)).Within(1e-6));
        Assert.That(SimilarPeople.Find(source, trained, test, tested, 0.9, default), Has.Count.EqualTo(1));
        tested[2].Clear();
        Assert.That(() => SimilarPeople.Find(source, trained, test, tested, 0.9, default),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith(test.Locate(2)));
    }
}
