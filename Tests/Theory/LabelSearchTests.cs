using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Theory;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Theory;

/// <summary>The search of wrong labels by the proxies of each identity, and the list that a part of a set leaves out.</summary>
public sealed class LabelSearchTests
{
    // degrees: identity 0 is mostly at 0, with two images far away; identity 1 as often at -80 as at -20, which is then the second proxy
    private static readonly int[] Places = [0, 5, 60, -5, 85, -80, -20, -80, -20];
    private static readonly int[] Labels = [0, 0, 0, 0, 0, 1, 1, 1, 1];
    private static readonly bool?[] Wrong = [false, false, true, true, false, false, false, false, true];

    [Test]
    public void Images_far_from_the_dominant_proxy_are_suspect()
    {
        using var found = Proxies(0, -80, 60, -20); // K times all identities
        using var source = new Circle(Wrong);
        using var network = new AngleEmbedder();
        var all = Enumerable.Range(0, Places.Length).ToArray();
        var search = LabelSearch.Run(source, all, network, found, 50, new BatchOptions { DropLast = false }, default);
        Assert.That(search.Suspects.Select(one => one.Image), Is.EqualTo(new[] { 2, 4, 6, 8 }), "of equally many votes the first proxy's");
        Assert.That(search.Suspects[0].Degrees, Is.EqualTo(60).Within(0.5), "grey values are 0.7 degrees apart");
        Assert.That((search.Wrong, search.Caught), Is.EqualTo((3, 2)));
        Assert.That((search.Precision, search.Recall), Is.EqualTo((2 / 4.0, 2 / 3.0)));
        search = LabelSearch.Run(source, all, network, found, 70, new BatchOptions { DropLast = false }, default);
        Assert.That(search.Suspects.Select(one => one.Image), Is.EqualTo(new[] { 4 }));
        var pieces = LabelSearch.Run(source, all, network, found, 50, new BatchOptions { DropLast = false }, default, atOnce: 4);
        Assert.That(pieces.Suspects.Select(one => one.Image), Is.EqualTo(new[] { 2, 4, 6, 8 }));
        search = LabelSearch.Run(source, all[..2], network, found, 70, new BatchOptions { DropLast = false }, default);
        Assert.That((search.Precision, search.Recall), Is.EqualTo(((double?)null, (double?)null)), "nothing missing becomes a number");
    }

    [Test]
    public void Where_nobody_knows_the_wrong_labels_nothing_is_said_of_them()
    {
        using var found = Proxies(0, -80, 60, -20);
        using var source = new Circle(new bool?[Places.Length]);
        using var network = new AngleEmbedder();
        var search = LabelSearch.Run(source, [0, 2], network, found, 50, new BatchOptions { DropLast = false }, default);
        Assert.That((search.Wrong, search.Caught, search.Precision, search.Recall),
            Is.EqualTo(((int?)null, (int?)null, (double?)null, (double?)null)));
    }

    [Test]
    public void A_part_leaves_listed_images_out_and_knows_which_labels_are_wrong()
    {
        using var folder = new TemporaryFolder();
        var list = Path.Combine(folder.Path, "noise.tsv");
        var whole = new SyntheticOfTen();
        using var opened = whole.Open(new DataRoot("."));
        File.WriteAllText(list, $"{opened.ImageName(3)}\t0\n{opened.ImageName(7)}\t1\n");
        var options = new SubsetOptions { Of = whole, WithoutImages = [list], LabelNoise = 0.25 };
        using var part = options.Open(new DataRoot("."));
        using var before = (options with { WithoutImages = null }).Open(new DataRoot("."));
        int[] stay = [.. Enumerable.Range(0, 10).Where(image => image is not (3 or 7))];
        Assert.That(Enumerable.Range(0, 10).Count(image => before.IsMislabelled(image) == true), Is.EqualTo(3));
        Assert.That(Enumerable.Range(0, part.Count).Select(part.ImageName), Is.EqualTo(stay.Select(opened.ImageName)));
        Assert.That(Enumerable.Range(0, part.Count).Select(image => (part.IdentityOf(image), part.IsMislabelled(image))),
            Is.EqualTo(stay.Select(image => (before.IdentityOf(image), before.IsMislabelled(image)))), "the rest is as it was");
        foreach (var image in Enumerable.Range(0, part.Count))
            Assert.That(part.IdentityOf(image) == opened.IdentityOf(stay[image]), Is.EqualTo(part.IsMislabelled(image) == false));

        File.WriteAllLines(list, Enumerable.Range(0, 10).Where(image => before.IdentityOf(image) == 1 || image == 0)
            .Select(image => $"{opened.ImageName(image)}\t0"));
        Assert.That(() => options.Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("a set needs two"));

        File.WriteAllText(list, "elsewhere/1.jpg\t0\n");
        Assert.That(() => options.Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("noise.tsv(1)")
            .And.Message.Contains("elsewhere/1.jpg is not an image of"));
    }

    private static FaceLoss Proxies(params int[] degrees)
    {
        var loss = new SubCenterArcFaceOptions { Centers = 2 }.Build(new LossShape(2, 2));
        using (no_grad())
            loss.proxies.copy_(tensor(degrees.SelectMany(at => AngleEmbedder.Point(at)).ToArray()).view(-1, 2));
        return loss;
    }

    private sealed record SyntheticOfTen : SourceOptions
    {
        public override FaceSource Open(DataRoot data) => new Faces.FakeSource(10, 2);
    }

    /// <summary>Images of one grey, which stands for an angle.</summary>
    private sealed class Circle(bool?[] wrong) : FaceSource
    {
        public override string Name => "circle";

        public override int Count => Places.Length;

        public override int Identities => 2;

        public override LabelledFace Read(int index)
        {
            var pixels = new byte[8 * 8 * 3];
            Array.Fill(pixels, (byte)Math.Round(127.5 + Places[index] * 127.5 / 90));
            return new(new FaceImage(8, 8, pixels), Labels[index]);
        }

        public override int IdentityOf(int index) => Labels[index];

        public override string Locate(int index) => $"image {index}";

        public override bool? IsMislabelled(int index) => wrong[index];
    }

    private sealed class AngleEmbedder : ImageEmbedder
    {
        public override int Resolution => 8;

        public override string? Key => null;

        public static float[] Point(double degrees) =>
            [(float)Math.Cos(double.DegreesToRadians(degrees)), (float)Math.Sin(double.DegreesToRadians(degrees))];

        public override IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions) =>
            [.. fusions.Select(_ => Enumerable.Range(0, batch.Count).SelectMany(item => Point(batch.PixelsOf(item)[0] * 90)).ToArray())];
    }
}
