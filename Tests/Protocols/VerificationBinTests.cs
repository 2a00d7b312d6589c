using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

public sealed class VerificationBinTests
{
    private static readonly byte[][] Images = [.. new[] { 0, 1, 2, 3, 4, 1, 5, 6 }.Select(seed => Pictures.Png(Pictures.Of(seed)))];
    private static readonly bool[] Same = [true, false, false, true];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private PairProtocol Open(byte[] pickle, string file = "lfw.bin")
    {
        File.WriteAllBytes(folder.File(file), pickle);
        return new VerificationBinOptions { Path = file }.Open(new DataRoot(folder.Path));
    }

    [TestCase(2)]
    [TestCase(4)]
    public void Images_may_be_bytearrays(int protocol)
    {
        using var pairs = Open(PickleWriter.File(protocol, Images, Same, (pickle, bytes) =>
        {
            pickle.Op(protocol == 2 ? "c__builtin__\nbytearray\n" : "cbuiltins\nbytearray\n");
            if (protocol == 2)
            {
                var text = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(bytes));
                pickle.Op("X").Int32(text.Length).Op(text).Op("X\u0007\0\0\0latin-1\u0086R");
            }
            else
            {
                PickleWriter.Python3Bytes(pickle, bytes);
                pickle.Op("\u0085R");
            }
        }));
        Assert.That((pairs.ImageCount, pairs.Read(3).Width), Is.EqualTo((7, Pictures.Of(3).Width)));
    }

    private static readonly (string Name, int Protocol, Action<PickleWriter, byte[]> Image)[] Dialects =
    [
        ("Python 2, protocol 0", 0, PickleWriter.Quoted),
        ("Python 2, protocol 1", 1, PickleWriter.Python2String),
        ("Python 2, protocol 2", 2, PickleWriter.Python2String),
        ("Python 3, protocol 0", 0, PickleWriter.EncodedEscapedText),
        ("Python 3, protocol 2", 2, PickleWriter.EncodedText),
        ("Python 3, protocol 3", 3, PickleWriter.Python3Bytes),
        ("Python 3, protocol 4, 8-byte lengths", 4, PickleWriter.Bytes8),
        ("numpy 1, (N,1)", 3, PickleWriter.NumpyColumn),
        ("numpy 2, (N,)", 4, PickleWriter.NumpyRow),
        ("numpy 2, protocol 5", 5, PickleWriter.NumpyBuffer),
    ];

    [Test]
    public void Every_dialect_gives_the_same_pairs_and_pixels([Range(0, 9)] int dialect)
    {
        var (name, protocol, image) = Dialects[dialect];
        using var pairs = Open(PickleWriter.File(protocol, Images, Same, image));
        Assert.That((pairs.Name, pairs.ImageCount, pairs.Folds), Is.EqualTo(("LFW", 7, 4)), name);
        Assert.That(pairs.Pairs,
            Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(2, 3, false, 1), new(4, 1, false, 2), new(5, 6, true, 3) }), name);
        var seeds = new[] { 0, 1, 2, 3, 4, 5, 6 };
        for (var i = 0; i < 7; i++) Assert.That(pairs.Read(i).Rgb, Is.EqualTo(Pictures.Of(seeds[i]).Rgb), $"{name}: {pairs.Locate(i)}");
    }

    [Test]
    public void The_text_dialects_keep_every_byte_value()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var grey = ImageDecoder.Decode([.. "P5 16 16 255\n"u8, .. all], "here");
        byte[] file = [.. "P5 16 16 255\n"u8, .. all];
        foreach (var (name, protocol, image) in Dialects)
        {
            using var pairs = Open(PickleWriter.File(protocol, [file, Images[0]], [true], image));
            Assert.That(pairs.Read(0).Rgb, Is.EqualTo(grey.Rgb), name);
        }
    }

    [TestCase(600, 10, new[] { 60, 60, 60, 60, 60, 60, 60, 60, 60, 60 })]
    [TestCase(13, 10, new[] { 2, 2, 2, 1, 1, 1, 1, 1, 1, 1 })]
    [TestCase(3, 3, new[] { 1, 1, 1 })]
    public void Folds_are_contiguous_and_of_nearly_equal_size(int count, int folds, int[] sizes)
    {
        var images = Enumerable.Range(0, 2 * count).Select(i => Images[i % 8]).ToArray();
        using var pairs = Open(PickleWriter.File(4, images, new bool[count], PickleWriter.Python3Bytes), "mine.bin");
        Assert.That((pairs.Folds, pairs.Name), Is.EqualTo((folds, "mine")));
        Assert.That(pairs.Pairs.Select(pair => pair.Fold), Is.Ordered);
        Assert.That(pairs.Pairs.GroupBy(pair => pair.Fold).Select(fold => fold.Count()), Is.EqualTo(sizes));
    }

    [Test]
    public void Images_are_read_in_place_so_the_file_is_in_memory_once()
    {
        var noise = new Random(3);
        var images = Enumerable.Range(0, 40).Select(_ =>
        {
            var samples = new byte[300 * 300];
            noise.NextBytes(samples);
            return (byte[])[.. "P5 300 300 255\n"u8, .. samples];
        }).ToArray();
        foreach (var (name, protocol, image) in Dialects.Where(dialect => dialect.Protocol >= 2))
        {
            var pickle = PickleWriter.File(protocol, images, new bool[20], image);
            File.WriteAllBytes(folder.File("large.bin"), pickle);
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var pairs = new VerificationBinOptions { Path = "large.bin" }.Open(new DataRoot(folder.Path));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1.1 * pickle.Length + 200_000), name);
        }
    }

    [Test]
    public void A_damaged_picture_is_named_by_its_offset_in_the_pickle()
    {
        byte[][] images = [Images[0], [.. Images[1][..60], .. new byte[10]]];
        using var pairs = Open(PickleWriter.File(3, images, [true], PickleWriter.Python3Bytes));
        Assert.That(() => pairs.Read(1), Throws.TypeOf<DataProblem>().With.Property(nameof(DataProblem.Where)).EqualTo(pairs.Locate(1)));
        Assert.That(pairs.Locate(1), Does.Match(@"lfw\.bin@\d+$"));
    }

    [Test]
    public void Counts_that_do_not_fit_are_refused()
    {
        Assert.That(() => Open(PickleWriter.File(3, Images, [true], PickleWriter.Python3Bytes)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("8 images for 1 pairs"));
        Assert.That(() => Open(PickleWriter.File(3, [], [], PickleWriter.Python3Bytes)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("0 images for 0 pairs"));
        Assert.That(() => new VerificationBinOptions { Path = "none.bin" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("none.bin"));
    }
}
