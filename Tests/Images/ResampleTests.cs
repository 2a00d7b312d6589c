using Ablation.Harness.Images;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Images;

/// <summary>Resampling against the textbook definition, written as a double loop over every input pixel.</summary>
[Parallelizable]
public sealed class ResampleTests
{
    private static readonly (int Width, int Height, int NewWidth, int NewHeight)[] Sizes =
        [(12, 12, 6, 6), (11, 13, 4, 5), (7, 9, 7, 9), (5, 6, 13, 17), (13, 5, 4, 12), (112, 112, 10, 10), (1, 1, 3, 3), (2, 3, 1, 1)];

    [TestCaseSource(nameof(Sizes))]
    public void Area_is_the_mean_over_the_covered_pixels((int Width, int Height, int NewWidth, int NewHeight) size) =>
        Compare(size, (at, step, pixel) => Overlap(at * step, (at + 1) * step, pixel) / step);

    [TestCase(12, 12, 6)]
    [TestCase(11, 13, 5)]
    [TestCase(24, 24, 24)]
    [TestCase(5, 6, 17)]
    [TestCase(13, 5, 12)]
    [TestCase(4, 16, 8)]
    [TestCase(24, 24, 60)]
    [TestCase(1, 1, 3)]
    public void Each_axis_shrinks_by_area_and_grows_by_the_cubic_of_Keys(int width, int height, int resolution)
    {
        var image = FakeSource.Picture(3, width, height);
        var planes = new float[3 * resolution * resolution];
        Resample.ToPlanes(image, CropBox.Whole(image), resolution, false, planes);
        for (var i = 0; i < planes.Length; i++)
        {
            var (x, y, c) = (i % resolution, i / resolution % resolution, i / resolution / resolution);
            var exact = Naive(image, x, (double)width / resolution, y, (double)height / resolution, c, (at, step, pixel) => step >= 1
                ? Overlap(at * step, (at + 1) * step, pixel) / step : Keys(Math.Abs((at + 0.5) * step - 0.5 - pixel)));
            Assert.That(planes[i], Is.EqualTo(Math.Clamp(exact, 0, 255)).Within(1e-3), $"x {x} y {y} channel {c}");
        }
    }

    [TestCase(0)]
    [TestCase(77)]
    [TestCase(255)]
    public void A_constant_picture_stays_constant(byte value)
    {
        var image = new FaceImage(19, 23, Enumerable.Repeat(value, 19 * 23 * 3).ToArray());
        foreach (var resolution in new[] { 1, 5, 19, 40 })
        {
            Assert.That(Resample.Area(image, resolution, resolution).Rgb, Is.All.EqualTo(value));
            var planes = new float[3 * resolution * resolution];
            Resample.ToPlanes(image, new CropBox(-3.3, 2.7, 21.1, 9.4), resolution, true, planes);
            Assert.That(planes, Is.All.EqualTo((float)value).Within(1e-3));
        }
    }

    [Test]
    public void Area_keeps_the_mean()
    {
        var image = FakeSource.Picture(5, 60, 48);
        foreach (var resolution in new[] { 1, 7, 13, 29 })
        {
            var planes = new float[3 * resolution * resolution];
            Resample.ToPlanes(image, CropBox.Whole(image), resolution, false, planes);
            Assert.That(planes.Average(v => (double)v), Is.EqualTo(image.Rgb.Average(v => v)).Within(1e-3));
        }
    }

    [Test]
    public void A_crop_of_whole_pixels_copies_them_and_repeats_the_border()
    {
        var image = FakeSource.Picture(9, 10, 10);
        var planes = new float[3 * 16];
        Resample.ToPlanes(image, new CropBox(-1, 7, 4, 4), 4, false, planes);
        for (var c = 0; c < 3; c++)
        {
            for (var y = 0; y < 4; y++)
            {
                for (var x = 0; x < 4; x++)
                    Assert.That(planes[c * 16 + y * 4 + x], Is.EqualTo(image.Rgb[(Math.Min(9, 7 + y) * 10 + Math.Max(0, x - 1)) * 3 + c]));
            }
        }
    }

    [Test]
    public void A_crop_by_half_a_pixel_is_the_mean_of_two()
    {
        var image = new FaceImage(4, 1, [10, 0, 0, 30, 0, 0, 70, 0, 0, 90, 0, 0]);
        var planes = new float[12];
        Resample.ToPlanes(image, new CropBox(0.5, 0, 2, 1), 2, false, planes);
        Assert.That(planes[..2], Is.EqualTo(new[] { 20f, 50f }));
        Resample.ToPlanes(image, new CropBox(0.5, 0, 2, 1), 2, true, planes);
        Assert.That(planes[..2], Is.EqualTo(new[] { 50f, 20f }));
    }

    [Test]
    public void Bytes_that_do_not_fit_the_size_are_refused() =>
        Assert.That(() => Resample.Area(new FaceImage(4, 4, new byte[47]), 2, 2),
            Throws.ArgumentException.With.Message.Contains("47 bytes"));

    private static void Compare((int Width, int Height, int NewWidth, int NewHeight) size, Func<int, double, int, double> weight)
    {
        var image = FakeSource.Picture(3, size.Width, size.Height);
        var result = Resample.Area(image, size.NewWidth, size.NewHeight);
        Assert.That((result.Width, result.Height), Is.EqualTo((size.NewWidth, size.NewHeight)));
        for (var i = 0; i < result.Rgb.Length; i++)
        {
            var (x, y, c) = (i / 3 % size.NewWidth, i / 3 / size.NewWidth, i % 3);
            var exact = Math.Clamp(Naive(image, x, (double)size.Width / size.NewWidth, y, (double)size.Height / size.NewHeight, c, weight),
                0, 255);
            Assert.That(result.Rgb[i], Is.EqualTo(exact).Within(0.5 + 1e-3), $"x {x} y {y} channel {c}");
        }
    }

    private static double Naive(FaceImage image, int x, double stepX, int y, double stepY, int channel,
        Func<int, double, int, double> weight)
    {
        var sum = 0.0;
        for (var row = -4; row < image.Height + 4; row++)
        {
            for (var column = -4; column < image.Width + 4; column++)
            {
                var at = Math.Clamp(row, 0, image.Height - 1) * image.Width + Math.Clamp(column, 0, image.Width - 1);
                sum += weight(y, stepY, row) * weight(x, stepX, column) * image.Rgb[at * 3 + channel];
            }
        }

        return sum;
    }

    private static double Overlap(double from, double to, int pixel) => Math.Max(0, Math.Min(to, pixel + 1) - Math.Max(from, pixel));

    private static double Keys(double d) => d switch
    {
        < 1 => 1.5 * d * d * d - 2.5 * d * d + 1,
        < 2 => -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2,
        _ => 0,
    };
}
