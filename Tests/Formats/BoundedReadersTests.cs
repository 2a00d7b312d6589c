using System.IO.Compression;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Formats;

/// <summary>Readers of foreign files use bounded memory.</summary>
public sealed class BoundedReadersTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_picture_that_claims_billions_of_pixels_is_refused_by_its_header()
    {
        var bytes = Png(60_000, 60_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ImageDecoder.Decode(bytes, "here"),
            Throws.TypeOf<DataProblem>().With.Message.Contains("claims 60000 x 60000 pixels"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void A_file_longer_than_any_picture_is_not_read()
    {
        using (var file = File.Create(folder.File("x.jpg"))) file.SetLength(1L << 33); // sparse
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ImageDecoder.DecodeFile(folder.File("x.jpg")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("x.jpg: the file has 8589934592 bytes"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void A_suite_or_test_file_of_absurd_length_is_not_read()
    {
        foreach (var name in new[] { "suite.jsonc", "test.json" })
        {
            using var file = File.Create(folder.File(name));
            file.SetLength(1L << 33);
        }

        Assert.That(() => SuiteFile.Read(folder.File("suite.jsonc")),
            Throws.TypeOf<SuiteException>().With.Message.Contains("suite.jsonc: more than 16777216 bytes"));
        Assert.That(() => TestArgument.Read(folder.File("test.json"), new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("more than 16777216 bytes"));
    }

    [TestCase("x.txt")]
    [TestCase("x.csv")]
    [TestCase("x.tsv")]
    [TestCase("x.lst")]
    [TestCase("pairs.txt")]
    public void The_format_of_a_file_without_line_ends_is_guessed_without_reading_it(string name)
    {
        using (var file = File.Create(folder.File(name))) file.SetLength(1L << 33);
        Assert.That(() => DataPath.Guess(folder.File(name)), Throws.TypeOf<DataProblem>().With.Message.Contains("a line of more than"));
    }

    [Test]
    public void A_property_file_without_an_end_is_refused()
    {
        RecordIoWriter.WithHeader([0, 1], seed => Pictures.Png(Pictures.Of(seed))).Save(folder.Path);
        using (var file = File.Create(folder.File("property"))) file.SetLength(1L << 33);
        Assert.That(() => new RecordIoOptions { Path = folder.Path }.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("property(1): a line of more than"));
    }

    [Test]
    public void The_reader_stops_after_the_number_of_pairs_in_the_header()
    {
        Directory.CreateDirectory(folder.File("images"));
        File.WriteAllLines(folder.File("pairs.txt"), Enumerable.Repeat("Ann\t1\t2", 1000).Prepend("1"));
        Assert.That(() => new LfwPairsOptions { Images = "images", Pairs = "pairs.txt" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("pairs.txt(4): 3 pairs, but the header promises 1 x 2 x 1"));
    }

    /// <summary>Returns a complete PNG of one grey: some hundred kilobytes for gigabytes of pixels.</summary>
    private static byte[] Png(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < 2000; y++) zlib.Write(new byte[width + 1]);
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", [.. Big(width), .. Big(height), 8, 0, 0, 0, 0]),
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];

        static byte[] Big(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

        static byte[] Chunk(string name, byte[] content)
        {
            byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content];
            var crc = uint.MaxValue;
            foreach (var one in named)
            {
                crc ^= one;
                for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }

            return [.. Big(content.Length), .. named, .. Big((int)~crc)];
        }
    }
}
