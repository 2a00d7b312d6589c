using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Inspection;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Images;

/// <summary>A JPEG without its end marker is read with a note; one truncated earlier is refused.</summary>
[Parallelizable]
public sealed class JpegWithoutEndTests
{
    private static readonly byte[] Baseline = Pictures.Jpeg(FakeSource.Picture(3, 40));

    private static IEnumerable<(string Name, byte[] Bytes)> Kinds() =>
    [
        ("baseline", Baseline),
        ("by hand", ProgressiveJpeg.Of(isProgressive: false).Bytes),
        ("restart markers", ProgressiveJpeg.Of(isProgressive: false, restart: 1).Bytes),
        ("rarer restart markers", ProgressiveJpeg.Of(isProgressive: false, restart: 3).Bytes),
        ("progressive", ProgressiveJpeg.Of(isProgressive: true).Bytes),
    ];

    [Test]
    public void Without_its_end_marker_it_is_read_and_marked()
    {
        foreach (var (name, bytes) in Kinds())
        {
            var whole = ImageDecoder.Decode(bytes, name);
            Assert.That(whole.LacksEnd, Is.False, name);
            foreach (var stored in new byte[][] { bytes[..^2], bytes[..^1], [.. bytes[..^2], 0, 0, 0, 0] })
            {
                var image = ImageDecoder.Decode(stored, name);
                Assert.That(image.LacksEnd, Is.True, name);
                Assert.That(image.Rgb, Is.EqualTo(whole.Rgb), name);
            }
        }
    }

    [Test]
    public void Truncated_anywhere_earlier_it_is_refused()
    {
        foreach (var (name, bytes) in Kinds())
        {
            var whole = ImageDecoder.Decode(bytes, name);
            for (var length = bytes.Length - 3; length > 2; length -= length > bytes.Length - 300 ? 1 : 7)
            {
                foreach (var stored in new[] { bytes[..length], [.. bytes[..length], .. new byte[500]] })
                {
                    try
                    {
                        Assert.That(ImageDecoder.Decode(stored, name).Rgb, Is.EqualTo(whole.Rgb),
                            $"{name}: pixels are invented at {length} of {bytes.Length}");
                        // bits that decide no pixel
                        Assert.That(bytes.Length - length, Is.LessThanOrEqualTo(4), $"{name}: {length} of {bytes.Length}");
                    }
                    catch (DataProblem problem)
                    {
                        Assert.That(problem.Message, Does.Contain("cut off").Or.Contain("damaged").Or.Contain("not a JPEG"));
                    }
                }
            }
        }
    }

    [Test]
    public void Truncated_between_two_scans_or_at_a_restart_marker_it_is_refused()
    {
        var progressive = ProgressiveJpeg.Of(isProgressive: true);
        var end = progressive.Scans[0].End;
        foreach (var length in new[] { end, end + 2, end + 6, progressive.Scans[1].Start })
            Assert.That(() => ImageDecoder.Decode(progressive.Bytes.AsSpan(0, length), "here"),
                Throws.TypeOf<DataProblem>().With.Message.Contains("cut off"), $"{length}");
        for (var blocks = 9; blocks <= 16; blocks++)
        {
            var bytes = ProgressiveJpeg.Of(isProgressive: false, restart: 1, columns: blocks, rows: 1).Bytes;
            var marker = Enumerable.Range(0, bytes.Length - 1).Last(at => bytes[at] == 0xFF && bytes[at + 1] is >= 0xD0 and <= 0xD7);
            foreach (var length in new[] { marker, marker + 1, marker + 2 })
                Assert.That(() => ImageDecoder.Decode(bytes.AsSpan(0, length), "here"),
                    Throws.TypeOf<DataProblem>().With.Message.Contains("cut off"), $"{blocks} blocks, {length}");
        }
    }

    [Test]
    public void Bytes_after_the_end_marker_do_not_count()
    {
        foreach (var tail in new byte[][] { new byte[100], [1, 2, 3], [0xFF] })
            Assert.That(ImageDecoder.Decode([.. Baseline, .. tail], "here").LacksEnd, Is.False);
    }

    [Test]
    public void A_set_counts_them_and_data_check_and_the_cache_keep_the_note()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 4; i++)
        {
            Directory.CreateDirectory(folder.File($"faces/p{i % 2}"));
            File.WriteAllBytes(folder.File($"faces/p{i % 2}/{i}.jpg"), i < 2 ? Baseline[..^2] : Baseline);
        }

        var check = DataPath.Guess(folder.File("faces")).Check();
        Assert.That(check.BadCount, Is.Zero);
        Assert.That(check.Notes.Single(), Does.StartWith("2 JPEG files lack their end marker").And.Contain("p0").And.EndWith("0.jpg"));
        var cache = new PixelCache(folder.File("pixels"), _ => { }) { FreeBytes = _ => long.MaxValue };
        for (var round = 0; round < 2; round++)
        {
            using var cached = cache.Open(new FolderOptions { Path = "faces" }.Open(new DataRoot(folder.Path)), 1, default)!;
            for (var i = 0; i < cached.Count; i++) Assert.That(cached.Read(i).Image.Width, Is.EqualTo(40));
            Assert.That(cached.Notes, Is.EqualTo(check.Notes), $"round {round}");
        }
    }
}
