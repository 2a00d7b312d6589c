using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>Pairs that would count for more than a reader of the figures expects are refused or noted.</summary>
public sealed class OddPairsTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        for (var i = 0; i < 60; i++) File.WriteAllBytes(folder.File($"{i}.png"), Pictures.Png(Pictures.Of(i)));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_list_with_both_labels_for_two_images_is_refused_with_both_lines()
    {
        var problem = Assert.Throws<DataProblem>(() => Open("0.png 1.png 1\n2.png 3.png 0\n1.png 0.png 0\n"))!;
        Assert.That(problem.Message, Does.Contain("own.txt(3): 0, but line 1 has the same two images with the other label"));
    }

    [Test]
    public void Pairs_that_are_listed_again_are_noted_where_they_are_many()
    {
        using (var few = Open(List(50) + "1.png 0.png 1\n")) Assert.That(few.Notes, Has.None.Contains("listed before"), "2 %");
        using var many = Open(List(50) + string.Concat(Enumerable.Repeat("1.png 0.png 1\n", 4)));
        Assert.That(many.Notes, Has.Some.StartsWith("4 of 54 pairs are listed before, the first is pair 51:"));
    }

    [Test]
    public void A_pack_notes_images_paired_with_themselves_and_both_labels()
    {
        byte[][] images = [.. new[] { 1, 1, 2, 3, 3, 2, 4, 4 }.Select(seed => Pictures.Png(Pictures.Of(seed)))];
        File.WriteAllBytes(folder.File("own.bin"), PickleWriter.File(3, images, [true, true, false, false], PickleWriter.Python3Bytes));
        using var test = new VerificationBinOptions { Path = "own.bin" }.Open(new DataRoot(folder.Path));
        Assert.That(test.Notes, Has.Some.StartsWith(
            "2 of 4 pairs are an image with itself, the first is pair 1; 1 of them are labelled as two persons:"));
        Assert.That(test.Notes,
            Has.Some.StartsWith("1 of 4 pairs are listed before with the other label, the first is pair 3, as pair 2:"));
    }

    private static string List(int pairs) =>
        string.Concat(Enumerable.Range(0, pairs).Select(i => $"{i}.png {i + 1}.png {(i + 1) % 2}\n"));

    private PairProtocol Open(string text)
    {
        File.WriteAllText(folder.File("own.txt"), text);
        return new PairListOptions { Path = "own.txt", Root = "." }.Open(new DataRoot(folder.Path));
    }
}
