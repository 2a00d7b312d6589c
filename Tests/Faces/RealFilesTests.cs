using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Faces;

/// <summary>The readers on files written by other programs.</summary>
[Parallelizable]
public sealed class RealFilesTests
{
    private static readonly DataRoot Here = new(".");

    private static PairProtocol Bin(string name) => new VerificationBinOptions { Path = RealData.Path($"formats/{name}") }.Open(Here);

    private static FaceSource Pack(string path) => new RecordIoOptions { Path = path }.Open(Here);

    private static bool SamePixels(FaceImage a, FaceImage b) =>
        (a.Width, a.Height) == (b.Width, b.Height) && a.Rgb.AsSpan().SequenceEqual(b.Rgb);

    [Test]
    public void Three_pickle_dialects_hold_the_same_pairs_and_pixels()
    {
        using var first = Bin("lfw60_py2_proto2.bin");
        Assert.That((first.Pairs.Count, first.Folds), Is.EqualTo((60, 10)));
        Assert.That(first.Pairs.Count(pair => pair.Same), Is.EqualTo(30));
        foreach (var name in new[] { "lfw60_py3_proto3.bin", "lfw60_py3_proto4.bin" })
        {
            using var other = Bin(name);
            Assert.That(other.Pairs, Is.EqualTo(first.Pairs), name);
            Assert.That(other.ImageCount, Is.EqualTo(first.ImageCount));
            for (var i = 0; i < first.ImageCount; i++) Assert.That(SamePixels(other.Read(i), first.Read(i)), Is.True, $"{name}: image {i}");
        }
    }

    [Test]
    public void A_published_file_of_numpy_arrays_reads()
    {
        using var pairs = Bin("genuine_small_lfw.bin");
        Assert.That((pairs.Pairs.Count, pairs.Folds), Is.EqualTo((10, 10)));
        Assert.That(pairs.Pairs.All(pair => pair.Same), Is.True);
        for (var i = 0; i < pairs.ImageCount; i++) Assert.That((pairs.Read(i).Width, pairs.Read(i).Height), Is.EqualTo((112, 112)));
    }

    [Test]
    public void Fold_1_of_lfw_is_the_first_600_lines_of_the_authors_pairs()
    {
        using var bin = Bin("lfw_fold1.bin");
        var lfw = new LfwPairsOptions { Images = RealData.Path("lfw112/Images"), Pairs = RealData.Path("lfw112/protocol/pairs.txt") };
        using var files = lfw.Open(Here);
        Assert.That((files.Pairs.Count, files.Folds, files.ImageCount), Is.EqualTo((6000, 10, 7701)));
        Assert.That(files.Pairs.GroupBy(pair => (pair.Fold, pair.Same)).Select(kind => kind.Count()), Is.All.EqualTo(300));
        Assert.That(bin.Pairs, Has.Count.EqualTo(600));
        for (var i = 0; i < 600; i++)
        {
            var (stored, listed) = (bin.Pairs[i], files.Pairs[i]);
            Assert.That((stored.Same, listed.Fold), Is.EqualTo((listed.Same, 0)));
            Assert.That(SamePixels(bin.Read(stored.First), files.Read(listed.First)), Is.True, $"pair {i}, first");
            Assert.That(SamePixels(bin.Read(stored.Second), files.Read(listed.Second)), Is.True, $"pair {i}, second");
        }
    }

    [Test]
    public void Fold_1_of_cfp_fp_is_the_authors_first_split()
    {
        using var bin = Bin("cfp_fp_fold1.bin");
        using var files = new CfpOptions { Root = RealData.Path("cfp112"), Protocol = CfpProtocol.FP }.Open(Here);
        Assert.That(bin.Pairs, Has.Count.EqualTo(700));
        Assert.That(bin.Pairs.Select(pair => pair.Same), Is.EqualTo(files.Pairs.Take(700).Select(pair => pair.Same)));
        for (var i = 0; i < 700; i += 7)
            Assert.That(SamePixels(bin.Read(bin.Pairs[i].Second), files.Read(files.Pairs[i].Second)), Is.True, $"pair {i}");
    }

    [TestCase(CfpProtocol.FF)]
    [TestCase(CfpProtocol.FP)]
    public void Cfp_has_7000_pairs_in_ten_equal_folds(CfpProtocol protocol)
    {
        using var pairs = new CfpOptions { Root = RealData.Path("cfp112"), Protocol = protocol }.Open(Here);
        Assert.That((pairs.Pairs.Count, pairs.Folds), Is.EqualTo((7000, 10)));
        Assert.That(pairs.Pairs.GroupBy(pair => (pair.Fold, pair.Same)).Select(kind => kind.Count()), Is.All.EqualTo(350));
        Assert.That(pairs.Pairs.All(pair => pairs.Locate(pair.First).Contains("frontal", StringComparison.Ordinal)), Is.True);
        var second = protocol == CfpProtocol.FP ? "profile" : "frontal";
        Assert.That(pairs.Pairs.All(pair => pairs.Locate(pair.Second).Contains(second, StringComparison.Ordinal)), Is.True);
        Assert.That((pairs.Read(0).Width, pairs.Read(0).Height), Is.EqualTo((112, 112)));
    }

    [Test]
    public void A_pack_with_a_range_header_equals_its_list()
    {
        using var pack = Pack(RealData.Path("formats/faces_cfp324"));
        var split = new SplitListOptions { Path = RealData.Path("splits/train_cfp_not_in_lfw.tsv"), Root = RealData.Path(".") };
        using var list = split.Open(Here);
        Assert.That((pack.Count, pack.Identities), Is.EqualTo((4536, 324)));
        Assert.That((list.Count, list.Identities), Is.EqualTo((4536, 324)));
        var different = new List<int>();
        Parallel.For(0, pack.Count, i =>
        {
            var (a, b) = (pack.Read(i), list.Read(i));
            if (a.Identity == b.Identity && pack.IdentityOf(i) == b.Identity && SamePixels(a.Image, b.Image)) return;
            lock (different) different.Add(i);
        });
        Assert.That(different, Is.Empty);
    }

    [Test]
    public void A_pack_of_im2rec_is_read_by_its_shuffled_index()
    {
        using var pack = Pack(RealData.Path("formats/genuine_im2rec.rec"));
        Assert.That((pack.Count, pack.Identities), Is.EqualTo((8, 2)));

        // the list from which the pack was made: key, label, file
        var listed = File.ReadLines(RealData.Path("formats/genuine_im2rec.lst")).Select(line => line.Split('\t'))
            .OrderBy(fields => int.Parse(fields[0])).Select(fields => (int)float.Parse(fields[1]));
        Assert.That(Enumerable.Range(0, 8).Select(i => pack.Read(i).Identity), Is.EqualTo(listed));
        Assert.That(Enumerable.Range(0, 8).Select(pack.IdentityOf), Is.EqualTo(listed));
    }

    [Test]
    public void Orl_is_40_identities_of_10_grey_pictures()
    {
        var check = DataPath.Guess(RealData.Path("orl_pgm")).Check();
        Assert.That((check.Images, check.Identities, check.BadCount), Is.EqualTo((400, (int?)40, 0)));
        Assert.That(check.Sizes, Is.EqualTo(new[] { new SizeCount(92, 112, 400) }));
        Assert.That((check.PerIdentity!.Minimum, check.PerIdentity.Maximum), Is.EqualTo((10, 10)));
    }

    [TestCase("lfw112", 7701)]
    [TestCase("cfp112", 5901)]
    [TestCase("splits/train_cfp_not_in_lfw.tsv", 4536)]
    [TestCase("formats/faces_cfp324", 4536)]
    [TestCase("formats/genuine_im2rec.rec", 8)]
    [TestCase("formats/cfp_fp_fold1.bin", null)]
    public void All_real_data_are_recognised_and_read_without_an_error(string name, int? images)
    {
        var check = DataPath.Guess(RealData.Path(name)).Check();
        TestContext.Out.WriteLine($"{check.Name}: {check.Images} images, {check.ImagesPerSecond:F0} a second, {check.PerIdentity}");
        Assert.That(check.Bad, Is.Empty);
        Assert.That(check.Sizes.Single(), Is.EqualTo(new SizeCount(112, 112, check.Images)));
        if (images is not null) Assert.That(check.Images, Is.EqualTo(images));
    }
}
