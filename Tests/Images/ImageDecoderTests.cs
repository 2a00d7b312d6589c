using System.Text;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Tests.Images;

[Parallelizable]
public sealed class ImageDecoderTests
{
    private static readonly FaceImage Picture = Pictures.Of(3);

    private static byte[][] EveryFormat(FaceImage image) =>
        [Pictures.Jpeg(image), Pictures.Png(image), Pictures.WebP(image), Pictures.Bmp(image), Pictures.Ppm(image)];

    [Test]
    public void Lossless_formats_give_back_every_byte()
    {
        foreach (var encoded in new[] { Pictures.Png(Picture), Pictures.Bmp(Picture), Pictures.Ppm(Picture) })
        {
            var image = ImageDecoder.Decode(encoded, "here");
            Assert.That((image.Width, image.Height), Is.EqualTo((12, 10)));
            Assert.That(image.Rgb, Is.EqualTo(Picture.Rgb));
        }
    }

    [Test]
    public void Lossy_formats_are_close_and_keep_the_channels_separate()
    {
        var smooth = Pictures.Smooth(1);
        Assert.That(Pictures.Distance(ImageDecoder.Decode(Pictures.Jpeg(smooth), "here"), smooth), Is.LessThan(2));
        Assert.That(Pictures.Distance(ImageDecoder.Decode(Pictures.WebP(smooth), "here"), smooth), Is.LessThan(3));
    }

    [Test]
    public void Alpha_is_dropped_and_the_stored_colours_are_kept() =>
        Assert.That(ImageDecoder.Decode(Pictures.TransparentPng(Picture), "here").Rgb, Is.EqualTo(Picture.Rgb));

    [Test]
    public void Grey_is_replicated_to_three_channels()
    {
        var image = ImageDecoder.Decode([.. "P5 3 2 255\n"u8, 10, 32, 30, 40, 50, 60], "here");
        Assert.That((image.Width, image.Height), Is.EqualTo((3, 2)));
        Assert.That(image.Rgb, Is.EqualTo(new byte[] { 10, 10, 10, 32, 32, 32, 30, 30, 30, 40, 40, 40, 50, 50, 50, 60, 60, 60 }));
    }

    [Test]
    public void A_first_sample_that_looks_like_a_space_is_a_sample() =>
        Assert.That(ImageDecoder.Decode([.. "P5 2 1 255\n"u8, 10, 35], "here").Rgb, Is.EqualTo(new byte[] { 10, 10, 10, 35, 35, 35 }));

    [TestCase("P5 0 2 255\n", "0 x 2")]
    [TestCase("P5 2 2 65535\n........", "65535")]
    [TestCase("P5 999999 999999 255\n....", "999999 x 999999")]
    [TestCase("P5 2 2 255\n...", "3 of 4")]
    [TestCase("P6 2 2 255\n...........", "11 of 12")]
    [TestCase("P5 2 x 255\n....", "header")]
    [TestCase("P5 2 2 255", "header")]
    [TestCase("P5 # no end", "header")]
    [TestCase("", "no bytes")]
    [TestCase("hello, this is text", "68656C6C6F")]
    [TestCase("GIF89a\u0001\0\u0001\0\0\0\0;", "not a JPEG")]
    [TestCase("\0\0\0\0\0\0\0\0\0\0\0\0", "not a JPEG")]
    public void A_file_that_is_not_an_image_is_refused_by_name(string latin1, string what)
    {
        var problem = Assert.Throws<DataProblem>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(latin1), "pack.rec@77"));
        Assert.That(problem!.Where, Is.EqualTo("pack.rec@77"));
        Assert.That(problem.Message, Does.Contain(what));
    }

    [Test]
    public void A_picture_truncated_anywhere_is_refused()
    {
        var rough = Pictures.Of(2, 112, 112);
        foreach (var encoded in EveryFormat(rough))
        {
            var whole = ImageDecoder.Decode(encoded, "here");
            for (var length = 0; length < encoded.Length - 24; length += length > encoded.Length - 200 ? 1 : 1 + encoded.Length / 97)
                Assert.That(() => ImageDecoder.Decode(encoded.AsSpan(0, length), "here"),
                    Throws.TypeOf<DataProblem>(), $"{length} of {encoded.Length}");

            // the last bytes may be only an end marker and checksums: then no pixel is missing
            for (var length = encoded.Length - 24; length < encoded.Length; length++)
            {
                try
                {
                    var image = ImageDecoder.Decode(encoded.AsSpan(0, length), "here");
                    Assert.That(image.Rgb.AsSpan().SequenceEqual(whole.Rgb), Is.True, $"{length} of {encoded.Length}");
                }
                catch (DataProblem)
                {
                    // as it should be
                }
            }
        }
    }

    [Test]
    public void Flipped_bytes_give_an_image_or_an_error_and_nothing_else()
    {
        var random = new Random(5);
        var refused = 0;
        foreach (var encoded in EveryFormat(Picture))
        {
            for (var trial = 0; trial < 200; trial++)
            {
                var damaged = (byte[])encoded.Clone();
                damaged[random.Next(Math.Min(damaged.Length, 200))] ^= (byte)(1 << random.Next(8));
                try
                {
                    var image = ImageDecoder.Decode(damaged, "here");
                    Assert.That(image.Rgb, Has.Length.EqualTo(image.Width * image.Height * 3));
                }
                catch (DataProblem)
                {
                    refused++;
                }
            }
        }

        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public void An_exif_orientation_turns_the_picture_upright([Range(1, 8)] int orientation)
    {
        var smooth = Pictures.Smooth(1, 32, 16);
        var jpeg = Pictures.Jpeg(smooth);
        var plain = ImageDecoder.Decode(jpeg, "here");
        byte[] tag = [0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0];
        byte[] exif = [0xff, 0xe1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, .. tag, 0, 0, 0, 0];
        var turned = ImageDecoder.Decode([.. jpeg[..2], .. exif, .. jpeg[2..]], "here");

        // the stored picture in the words of the standard: the meaning of its first row and first column
        var (rowIsTop, rowIsBottom, columnIsLeft, columnIsTop) = orientation switch
        {
            1 => (true, false, true, false),
            2 => (true, false, false, false),
            3 => (false, true, false, false),
            4 => (false, true, true, false),
            _ => (false, false, false, orientation is 5 or 6),
        };
        var transposed = orientation >= 5;
        Assert.That((turned.Width, turned.Height), Is.EqualTo(transposed ? (16, 32) : (32, 16)));
        for (var row = 0; row < 16; row++)
        {
            for (var column = 0; column < 32; column++)
            {
                var x = transposed ? (orientation is 5 or 8 ? row : 15 - row) : columnIsLeft ? column : 31 - column;
                var y = transposed ? (columnIsTop ? column : 31 - column) : rowIsTop && !rowIsBottom ? row : 15 - row;
                Assert.That(turned.Rgb.AsSpan(3 * (y * turned.Width + x), 3).SequenceEqual(plain.Rgb.AsSpan(3 * (row * 32 + column), 3)),
                    Is.True, $"{row}, {column}");
            }
        }
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(() => ImageDecoder.DecodeFile("/no/such/face.jpg"),
            Throws.TypeOf<DataProblem>().With.Message.Contains("/no/such/face.jpg: the image is missing"));
}
