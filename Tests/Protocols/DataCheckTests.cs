using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;
using SkiaSharp;

namespace Ablation.Tests.Protocols;

/// <summary>The check of a whole set, the guess of a path's format, and the contact sheet.</summary>
public sealed class DataCheckTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private string Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllBytes(folder.File(path), bytes);
        return folder.File(path);
    }

    private static byte[] Png(int seed, int width = 12) => Pictures.Png(Pictures.Of(seed, width));

    [Test]
    public void A_source_is_counted_and_its_bad_images_are_named()
    {
        foreach (var (identity, count) in new[] { ("a", 1), ("b", 3), ("c", 4), ("d", 6) })
        {
            for (var i = 0; i < count; i++) Write($"{identity}/{i}.png", Png(i, identity == "d" ? 20 : 12));
        }

        var bad = Write("c/0.png", "no image"u8.ToArray());
        var check = DataPath.Guess(folder.Path).Check(threads: 3);
        Assert.That((check.Images, check.Identities, check.SamePairs, check.BadCount), Is.EqualTo((14, (int?)4, (int?)null, 1)));
        Assert.That(check.Sizes, Is.EqualTo(new[] { new SizeCount(12, 10, 7), new SizeCount(20, 10, 6) }));
        var per = check.PerIdentity!;
        Assert.That((per.Minimum, per.Median, per.Mean, per.Maximum), Is.EqualTo((1, 3.5, 3.5, 6)));
        Assert.That(per.Histogram,
            Is.EqualTo(new[] { new IdentityBucket(1, 1, 1), new IdentityBucket(2, 3, 1), new IdentityBucket(4, 7, 2) }));
        Assert.That(check.Bad.Single().Where, Is.EqualTo(bad));
        Assert.That(check.Bad.Single().What, Does.Contain("not a JPEG"));
        Assert.That(check.ImagesPerSecond, Is.GreaterThan(0));
    }

    [Test]
    public void An_identity_without_images_is_reported()
    {
        new RecordIoWriter().Image(0, 0, Png(1)).Image(1, 2, Png(2)).Save(folder.Path, property: "3,10,12");
        var check = DataPath.Guess(folder.Path).Check();
        Assert.That(check.PerIdentity!.Histogram, Is.EqualTo(new[] { new IdentityBucket(0, 0, 1), new IdentityBucket(1, 1, 2) }));
        Assert.That((check.BadCount, check.Bad.Single().What), Is.EqualTo((1, "identity 1 (1) has no image")));
    }

    [Test]
    public void A_protocol_is_counted_by_distinct_images_and_pairs()
    {
        byte[][] images = [Png(1), Png(2), Png(1), "broken"u8.ToArray(), Png(3), Png(2)];
        var path = Write("some.bin", PickleWriter.File(4, images, [true, false, false], PickleWriter.Python3Bytes));
        var check = DataPath.Guess(path).Check();
        Assert.That((check.Images, check.Identities, check.SamePairs, check.DifferentPairs, check.BadCount),
            Is.EqualTo((4, (int?)null, (int?)1, (int?)2, 1)));
        Assert.That(check.Bad.Single().Where, Does.Match(@"some\.bin@\d+$"));
        Assert.That(check.PerIdentity, Is.Null);
    }

    [Test]
    public void Many_bad_images_are_all_counted_and_the_first_are_listed_in_order()
    {
        var pack = new RecordIoWriter();
        for (var i = 0; i < 1500; i++) pack.Image(i, 0, "broken"u8.ToArray());
        pack.Save(folder.Path);
        var check = DataPath.Guess(folder.Path).Check(threads: 4);
        Assert.That((check.BadCount, check.Bad.Count), Is.EqualTo((1500, DataCheck.MostBad)));
        Assert.That(check.Bad[1].Where, Does.EndWith($"@{pack.Index[1].Offset}"));
    }

    [Test]
    public void A_path_is_recognised_by_its_content()
    {
        Write("set/Images/Ann/Ann_0001.png", Png(1));
        Write("set/lists/pairs.txt", "1\nAnn\t1\t2\nAnn\t1\tBob\t1\n"u8.ToArray());
        Write("set/protocol/pairs.txt", "1\nAnn\t1\t2\nAnn\t1\tBob\t1\n"u8.ToArray());
        Write("set/lists/train.tsv", "set/Images/Ann/Ann_0001.png\t0\n"u8.ToArray());
        Write("pack/train.rec", []);
        Write("cfp/Protocol/Split/FP/01/same.txt", []);
        Write("x.bin", []);
        Write("readme.txt", "hello"u8.ToArray());

        var list = folder.File("set/lists/pairs.txt");
        var lfw = new LfwPairsOptions { Images = folder.File("set/Images"), Pairs = list, Extension = ".png" };
        Assert.That(DataPath.Guess(folder.File("set/Images")).Source, Is.EqualTo(new FolderOptions { Path = folder.File("set/Images") }));
        Assert.That(DataPath.Guess(folder.File("set/lists/train.tsv")).Source,
            Is.EqualTo(new SplitListOptions { Path = folder.File("set/lists/train.tsv"), Root = folder.Path }));
        Assert.That(DataPath.Guess(folder.File("pack")).Source, Is.TypeOf<RecordIoOptions>());
        Assert.That(DataPath.Guess(folder.File("pack/train.rec")).Source, Is.TypeOf<RecordIoOptions>());
        Assert.That(DataPath.Guess(folder.File("x.bin")).Tests.Single(), Is.TypeOf<VerificationBinOptions>());
        Assert.That(DataPath.Guess(folder.File("cfp")).Tests, Is.EqualTo(
            new[] { CfpProtocol.FF,
                CfpProtocol.FP }.Select(protocol => new CfpOptions { Root = folder.File("cfp"), Protocol = protocol })));
        Assert.That(DataPath.Guess(folder.File("set")).Tests.Single(), Is.EqualTo(
            lfw with { Pairs = folder.File("set/protocol/pairs.txt") }));
        Assert.That(DataPath.Guess(folder.File("set/lists/pairs.txt")).Tests.Single(), Is.EqualTo(
            lfw));
        Assert.That(() => DataPath.Guess(folder.File("readme.txt")), Throws.TypeOf<DataProblem>().With.Message.Contains("known:"));
        Assert.That(() => DataPath.Guess(folder.File("nothing")), Throws.TypeOf<DataProblem>().With.Message.Contains("no such"));
    }

    [Test]
    public void A_contact_sheet_has_one_row_per_identity_and_one_column_per_image()
    {
        var labels = new[] { 0, 1, 0, 2, 1, 0 };
        var pack = new RecordIoWriter();
        for (var i = 0; i < labels.Length; i++) pack.Image(i, labels[i], Pictures.Png(Pictures.Of(i, 16, 16)));
        using var source = new RecordIoOptions { Path = "." }.Open(new DataRoot(pack.Save(folder.Path)));
        ContactSheet.Draw(source, rows: 2, columns: 3, cell: 16, folder.File("sheet.png"));

        using var sheet = SKBitmap.Decode(folder.File("sheet.png"));
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo((3 * 18 + 2, 2 * 18 + 2)));
        foreach (var (row, column, image) in new[] { (0, 0, 0), (0, 1, 2), (0, 2, 5), (1, 0, 1), (1, 1, 4) })
        {
            var rgb = Pictures.Of(image, 16, 16).Rgb;
            for (var y = 0; y < 16; y += 5)
            {
                for (var x = 0; x < 16; x += 5)
                {
                    var at = 3 * (y * 16 + x);
                    Assert.That(sheet.GetPixel(2 + 18 * column + x, 2 + 18 * row + y),
                        Is.EqualTo(new SKColor(rgb[at], rgb[at + 1], rgb[at + 2])));
                }
            }
        }

        Assert.That(sheet.GetPixel(2 + 18 * 2 + 8, 2 + 18 + 8), Is.EqualTo(SKColors.White)); // identity 1 has two images
        Assert.That(sheet.GetPixel(0, 0), Is.EqualTo(SKColors.White));
    }

    [Test]
    public void A_contact_sheet_keeps_proportions()
    {
        var png = ContactSheet.Png([[new FaceImage(4, 2, new byte[24])]], 20);
        using var sheet = SKBitmap.Decode(png);
        Assert.That(sheet.GetPixel(12, 12), Is.EqualTo(SKColors.Black));
        Assert.That((sheet.GetPixel(12, 4), sheet.GetPixel(12, 20)), Is.EqualTo((SKColors.White, SKColors.White)));
    }
}
