using Ablation.Experiments.Evaluating;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Evaluating;

/// <summary>Embedding files that do not fit their test are refused.</summary>
public sealed class EmbeddingFileTests
{
    private TemporaryFolder folder = null!;
    private PairProtocol test = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        test = new SyntheticPairsOptions { Pairs = 40, Resolution = 32 }.Open(new DataRoot("."));
    }

    [TearDown]
    public void Remove()
    {
        test.Dispose();
        folder.Dispose();
    }

    [Test]
    public void Rows_are_found_by_name_in_any_order()
    {
        var rows = Rows(test.ImageCount + 1);
        List<string> names = [.. Enumerable.Range(0, test.ImageCount).Select(test.ImageName).Append("somebody else").Reverse()];
        EmbeddingFile.Write(folder.File("e.npy"), rows, names);
        var found = Open().Embed(test, default).Sum;
        for (var image = 0; image < test.ImageCount; image++)
            Assert.That(found[image].ToArray(), Is.EqualTo(rows[test.ImageCount - image].ToArray()));
    }

    [Test]
    public void Without_names_the_rows_are_the_images_in_order()
    {
        EmbeddingFile.Write(folder.File("e.npy"), Rows(test.ImageCount), []);
        File.Delete(folder.File("e.names.txt"));
        Assert.That(Open().Embed(test, default).Sum.Rows, Is.EqualTo(test.ImageCount));
        EmbeddingFile.Write(folder.File("e.npy"), Rows(3), []);
        File.Delete(folder.File("e.names.txt"));
        Assert.That(() => Open().Embed(test, default), Throws.TypeOf<DataProblem>().With.Message.Contains("3 rows without names"));
    }

    [Test]
    public void Files_that_do_not_fit_are_refused()
    {
        Assert.That(() => Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("no such file"));
        EmbeddingFile.Write(folder.File("e.npy"), Rows(2), ["a", "b"]);
        Assert.That(() => Open().Embed(test, default), Throws.TypeOf<DataProblem>().With.Message.Contains(test.ImageName(0)));
        File.WriteAllText(folder.File("e.names.txt"), "a\nb\nc\n");
        Assert.That(() => Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("3 names for 2 rows"));
        File.WriteAllText(folder.File("e.names.txt"), "a\na\n");
        Assert.That(() => Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("e.names.txt(2)").And.Message.Contains("line 1"));
    }

    [Test]
    public void A_NaN_row_is_an_error_that_names_its_image()
    {
        var rows = Rows(test.ImageCount);
        rows[4][1] = float.NaN;
        EmbeddingFile.Write(folder.File("e.npy"), rows, [.. Enumerable.Range(0, test.ImageCount).Select(test.ImageName)]);
        Assert.That(() => test.Score(Open().Embed(test, default), default),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith(test.Locate(4)));
        rows[4].Clear();
        Assert.That(() => test.Score(new TestEmbeddings(rows), default),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith(test.Locate(4)));
    }

    private EmbeddingFileSubject Open() => EmbeddingFileSubject.Open(folder.File("e.npy"));

    private static EmbeddingMatrix Rows(int count) => new([.. Enumerable.Range(0, 4 * count).Select(i => MathF.Sin(i + 1))], 4);
}
