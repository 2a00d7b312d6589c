using System.Runtime.InteropServices;
using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Tests.Faces;
using SkiaSharp;

namespace Ablation.Tests.Images;

/// <summary>Vectorised loops equal plain ones bit by bit: the same pictures give the same batch on every processor.</summary>
[Parallelizable]
public sealed class ResampleBitsTests
{
    [Test]
    public void Resampling_has_the_bits_of_the_scalar_oracle_for_any_box([Range(0, 23)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var image = FakeSource.Picture(seed * 100 + round, 1 + random.Next(round % 5 == 0 ? 5 : 130),
                1 + random.Next(round % 5 == 1 ? 5 : 130));
            var box = new CropBox(Around(random, image.Width), Around(random, image.Height),
                (0.02 + 1.5 * random.NextDouble()) * image.Width, (0.02 + 1.5 * random.NextDouble()) * image.Height);
            Same(image, box, 1 + random.Next(120), random.Next(2) == 1);
        }
    }

    [TestCase(112)]
    [TestCase(56)]
    [TestCase(32)]
    [TestCase(31)]
    public void Boxes_of_augmentation_and_the_whole_picture_have_the_bits_of_the_oracle(int resolution)
    {
        var random = new Random(resolution);
        for (var round = 0; round < 20; round++)
        {
            var image = round % 2 == 0 ? FakeSource.Picture(round, 112) : Pictures.Smooth(round, 112, 112);
            Same(image, CropBox.Whole(image), resolution, round % 4 < 2);
            Same(image, new CropBox(random.Next(-3, 4), random.Next(-3, 4), 112, 112), resolution, round % 4 < 2);
            Same(image, new CropBox(6 * random.NextDouble() - 3, 6 * random.NextDouble() - 3, 106 + 12 * random.NextDouble(),
                106 + 12 * random.NextDouble()), resolution, round % 4 < 2);
        }
    }

    [Test]
    public void Augmented_light_has_the_bits_of_the_scalar_oracle([Values(112, 40, 7)] int resolution)
    {
        for (var i = 0; i < 20; i++)
        {
            var dark = FakeSource.Picture(i, 64);
            // sums of tiny numbers
            if (i % 2 == 0) dark = dark with { Rgb = [.. dark.Rgb.Select(value => value > 250 ? (byte)1 : (byte)0)] };
            var options = AugmentOptions.Off with { Contrast = 0.3, Brightness = 0.2 };
            var result = new float[3 * resolution * resolution];
            Augment.Apply(dark, options, resolution, new RandomStream(9, StreamPurpose.Augment, 0, i), result);
            var draws = new RandomStream(9, StreamPurpose.Augment, 0, i);
            for (var skip = 0; skip < 5; skip++) draws.NextUnit(); // flip, shifts, zoom, aspect
            var (brightness, contrast) = (draws.NextSigned(), draws.NextSigned());
            var expected = ResampleOracle.ToPlanes(dark, CropBox.Whole(dark), resolution, false);
            ResampleOracle.Light(expected, 1 + 0.3 * contrast, 255 * 0.2 * brightness);
            AreSame(result, expected);
        }
    }

    [Test]
    public void Sums_equal_adding_one_by_one([Values(1, 7, 127, 128, 129, 4096, 37632, 200_001)] int count)
    {
        var random = new Random(count);
        foreach (var tiny in new[] { 0, 0.001, 0.3, 1 })
        {
            for (var round = 0; round < 4; round++)
            {
                var values = new float[count];
                for (var i = 0; i < count; i++)
                {
                    values[i] = (float)(255 * random.NextDouble());
                    if (random.NextDouble() < tiny) values[i] *= MathF.Pow(2, -random.Next(40));
                    if (random.Next(4) == 0) values[i] = 0;
                }

                var sum = 0.0;
                foreach (var value in values) sum += value;
                Assert.That(BitConverter.DoubleToInt64Bits(RgbPlanes.Sum(values)), Is.EqualTo(BitConverter.DoubleToInt64Bits(sum)),
                    $"{tiny} of them tiny");
            }
        }
    }

    [TestCase(-8)]
    [TestCase(-11)]
    [TestCase(-13)]
    public void Sums_round_tiny_numbers_as_adding_one_by_one_does(int exponent)
    {
        // large numbers first: then the last bits of the tiny ones do not fit, and each addition rounds
        var random = new Random(exponent);
        float[] values = [.. Enumerable.Repeat(250f, 20_000), .. Enumerable.Range(0, 4096)
            .Select(_ => (float)Math.ScaleB(1 + random.NextDouble(), exponent))];
        var sum = 0.0;
        foreach (var value in values) sum += value;
        Assert.That(sum, Is.Not.EqualTo(5e6 + values[20_000..].Sum(value => (double)value)), "the premise");
        Assert.That(RgbPlanes.Sum(values), Is.EqualTo(sum));
    }

    [Test]
    public void Packing_drops_alpha_and_moves_nothing([Range(1, 40)] int width)
    {
        for (var height = 1; height < 4; height++)
        {
            var rgb = FakeSource.Picture(width, width, height).Rgb;
            byte[] rgba = [.. Enumerable.Range(0, width * height)
                .SelectMany(i => (byte[])[rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 77])];
            Assert.That(Upright.Rgb(rgba, width, height, SKEncodedOrigin.TopLeft).Rgb, Is.EqualTo(rgb));
        }
    }

    private static double Around(Random random, int size) => (random.NextDouble() * 1.6 - 0.8) * size;

    private static void Same(FaceImage image, CropBox box, int resolution, bool mirrored)
    {
        var result = new float[3 * resolution * resolution + 5];
        Array.Fill(result, -7f);
        Resample.ToPlanes(image, box, resolution, mirrored, result);
        Assert.That(result[^5..], Is.All.EqualTo(-7f), "nothing behind the planes is written");
        AreSame(result[..^5], ResampleOracle.ToPlanes(image, box, resolution, mirrored));
    }

    private static void AreSame(float[] result, float[] expected)
    {
        var differs = MemoryMarshal.Cast<float, int>(result).CommonPrefixLength(MemoryMarshal.Cast<float, int>(expected));
        if (differs < expected.Length)
            Assert.Fail($"value {differs} of {expected.Length} is {result[differs]:R}, not {expected[differs]:R}");
    }
}
