using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>Each random change separately; switching one off does not change the draws of the others.</summary>
public sealed class AugmentTests
{
    private const int Side = 16;
    private static readonly FaceImage Image = FakeSource.Picture(4, Side);

    [TestCase(16)]
    [TestCase(8)]
    [TestCase(40)]
    public void With_everything_off_training_sees_what_evaluation_sees(int resolution)
    {
        var none = new float[3 * resolution * resolution];
        Augment.None(Image, resolution, none);
        Assert.That(Apply(AugmentOptions.Off, 1, resolution), Is.EqualTo(none));
        Assert.That(none, Is.All.InRange(-1f, 1f));
        var planes = new float[none.Length];
        Resample.ToPlanes(Image, CropBox.Whole(Image), resolution, false, planes);
        for (var i = 0; i < planes.Length; i++) Assert.That(none[i] * 127.5 + 127.5, Is.EqualTo(planes[i]).Within(1e-4));
    }

    [TestCase(0.0)]
    [TestCase(0.05)]
    public void A_flip_is_an_exact_mirror_of_the_same_crop(double others)
    {
        var options = AugmentOptions.Off with { CropScale = others, AspectJitter = others, CropShiftPixels = 60 * others };
        var straight = Apply(options with { FlipProbability = 0 }, 3);
        var mirrored = Apply(options with { FlipProbability = 1 }, 3);
        for (var i = 0; i < straight.Length; i++) Assert.That(mirrored[i / Side * Side + (Side - 1 - i % Side)], Is.EqualTo(straight[i]));
        Assert.That(mirrored, Is.Not.EqualTo(straight));
    }

    [Test]
    public void Flips_happen_at_their_probability()
    {
        var straight = Apply(AugmentOptions.Off, 0);
        var flips = Enumerable.Range(0, 400)
            .Count(i => !Apply(AugmentOptions.Off with { FlipProbability = 0.3 }, i).SequenceEqual(straight));
        Assert.That(flips / 400.0, Is.EqualTo(0.3).Within(0.08));
    }

    [Test]
    public void Brightness_and_contrast_act_on_the_same_numbers_whatever_else_is_on()
    {
        var grey = Flat(128);
        var alone = Apply(grey, AugmentOptions.Off with { Brightness = 0.2 }, 5)[0];
        var among = Apply(grey, new AugmentOptions { Brightness = 0.2, GreyProbability = 1, DownUpProbability = 1, DownUpMinPixels = 4 },
            5)[0];
        Assert.That(among, Is.EqualTo(alone).Within(1e-4), "contrast does not change a flat picture");
        var brightest = Enumerable.Range(0, 300).Select(i => Apply(grey, AugmentOptions.Off with { Brightness = 0.2 }, i)[0] - 1 / 255f)
            .ToArray();
        Assert.That(brightest.Max(), Is.InRange(0.36f, 0.4f), "0.2 of the full range is 0.4 of -1 .. 1");
        Assert.That(brightest.Min(), Is.InRange(-0.4f, -0.36f));
    }

    [Test]
    public void Contrast_stretches_around_the_mean_and_keeps_it()
    {
        var image = new FaceImage(2, 1, [100, 100, 100, 140, 140, 140]);
        var slopes = new List<float>();
        for (var i = 0; i < 200; i++)
        {
            var planes = new float[12];
            Augment.Apply(image, AugmentOptions.Off with { Contrast = 0.5 }, 2, new RandomStream(1, StreamPurpose.Augment, 0, i), planes);
            Assert.That(planes.Average(), Is.EqualTo((120 - 127.5f) / 127.5f).Within(1e-4));
            slopes.Add((planes.Max() - planes.Min())
                / (Apply(image, AugmentOptions.Off, 0, 2).Max() - Apply(image, AugmentOptions.Off, 0, 2).Min()));
        }

        Assert.That(slopes.Min(), Is.InRange(0.5f, 0.55f));
        Assert.That(slopes.Max(), Is.InRange(1.45f, 1.5f));
    }

    [Test]
    public void Shift_moves_by_at_most_its_pixels_of_112_both_ways()
    {
        // a ramp of 4 grey levels per source pixel shows the shift; 16 pixels, so that 14 of 112 are 2 of 16
        var ramp = new FaceImage(Side, Side,
            [.. from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) from c in Enumerable.Range(0, 3)
                select (byte)(4 * x)]);
        var still = Apply(ramp, AugmentOptions.Off, 0)[8 * Side + 8];
        var moved = Enumerable.Range(0, 300)
            .Select(i => (Apply(ramp, AugmentOptions.Off with { CropShiftPixels = 14 }, i)[8 * Side + 8] - still) * 127.5f / 4).ToArray();
        Assert.That(moved.Max(), Is.InRange(1.9f, 2.001f));
        Assert.That(moved.Min(), Is.InRange(-2.001f, -1.9f));
    }

    [Test]
    public void The_shifts_of_the_two_axes_are_independent()
    {
        var (across, down) = (Ramp(across: true), Ramp(across: false));
        var shifts = Enumerable.Range(0, 300).Select(i => (X: Moved(across, i), Y: Moved(down, i))).ToArray();
        Assert.That(shifts.Max(shift => shift.Y), Is.InRange(1.9f, 2.001f), "two of 16 pixels");
        var together = shifts.Average(shift => shift.X * shift.Y)
            / Math.Sqrt(shifts.Average(shift => shift.X * shift.X) * shifts.Average(shift => shift.Y * shift.Y));
        Assert.That(together, Is.Zero.Within(0.2));

        static FaceImage Ramp(bool across) => new(Side, Side,
            [.. from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) from c in Enumerable.Range(0, 3)
                select (byte)(4 * (across ? x : y))]);

        static float Moved(FaceImage ramp, int index)
        {
            var at = 8 * Side + 8;
            return (Apply(ramp, AugmentOptions.Off with { CropShiftPixels = 14 }, index)[at] - Apply(ramp, AugmentOptions.Off, index)[at])
                * 127.5f / 4;
        }
    }

    [Test]
    public void Down_and_up_never_enlarges()
    {
        // every size between the smallest and the network's resolution loses detail
        var sharp = Variance(Apply(AugmentOptions.Off, 0));
        var kept = Enumerable.Range(0, 200)
            .Select(i => Variance(Apply(AugmentOptions.Off with { DownUpProbability = 1, DownUpMinPixels = Side - 1 }, i)) / sharp)
            .ToArray();
        var once = Variance(Resized(Side - 1)) / sharp;
        Assert.That(kept, Is.All.EqualTo(once).Within(1e-6), "only the smallest size is possible");

        static float[] Resized(int low)
        {
            var planes = Apply(AugmentOptions.Off, 0);
            var bytes = planes.Select(value => value * 127.5f + 127.5f).ToArray();
            var down = new ResampleTaps(Side, 0, Side, low, ResampleKernel.Area);
            var up = new ResampleTaps(low, 0, low, Side, ResampleKernel.Bicubic);
            var small = new float[low * low];
            for (var channel = 0; channel < 3; channel++)
            {
                var plane = bytes.AsSpan(channel * Side * Side, Side * Side);
                Resample.Plane(plane, down, down, small);
                Resample.Plane(small, up, up, plane);
            }

            Resample.ToByteRange(bytes);
            return [.. bytes.Select(value => (value - 127.5f) / 127.5f)];
        }
    }

    [Test]
    public void An_erased_rectangle_reaches_every_edge()
    {
        var before = Apply(AugmentOptions.Off, 0);
        var cells = Enumerable.Range(0, 400).SelectMany(i =>
        {
            var after = Apply(AugmentOptions.Off with { EraseProbability = 1 }, i);
            return Enumerable.Range(0, Side * Side).Where(at => after[at] != before[at]);
        }).ToHashSet();
        Assert.That((cells.Min(at => at % Side), cells.Max(at => at % Side), cells.Min(at => at / Side), cells.Max(at => at / Side)),
            Is.EqualTo((0, Side - 1, 0, Side - 1)));
    }

    [Test]
    public void Zoom_scales_both_axes_equally_and_aspect_inversely()
    {
        static FaceImage Ramp(bool across) => new(Side, Side,
            [.. from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) from c in Enumerable.Range(0, 3)
                select (byte)(8 * (across ? x : y))]);
        static double Slope(float[] planes, bool across) =>
            across ? planes[8 * Side + 9] - planes[8 * Side + 6] : planes[9 * Side + 8] - planes[6 * Side + 8];
        for (var i = 0; i < 20; i++)
        {
            var zoom = AugmentOptions.Off with { CropScale = 0.2 };
            Assert.That(Slope(Apply(Ramp(true), zoom, i), true), Is.EqualTo(Slope(Apply(Ramp(false), zoom, i), false)).Within(1e-4));
            var aspect = AugmentOptions.Off with { AspectJitter = 0.2 };
            var product = Slope(Apply(Ramp(true), aspect, i), true) * Slope(Apply(Ramp(false), aspect, i), false);
            Assert.That(product, Is.EqualTo(Math.Pow(3 * 8 / 127.5, 2)).Within(1.5e-3));
        }
    }

    [Test]
    public void Grey_makes_the_three_planes_luma()
    {
        var planes = Apply(AugmentOptions.Off with { GreyProbability = 1 }, 1);
        var luma = 0.299 * Image.Rgb[0] + 0.587 * Image.Rgb[1] + 0.114 * Image.Rgb[2];
        Assert.That(new[] { planes[0], planes[Side * Side], planes[2 * Side * Side] }, Is.All.EqualTo((luma - 127.5) / 127.5).Within(1e-5));
    }

    [Test]
    public void Down_and_up_loses_detail_but_not_the_mean()
    {
        var before = Apply(AugmentOptions.Off, 1);
        var after = Apply(AugmentOptions.Off with { DownUpProbability = 1, DownUpMinPixels = 2 }, 1);
        Assert.That(Variance(after), Is.LessThan(0.8 * Variance(before)));
        Assert.That(after.Average(), Is.EqualTo(before.Average()).Within(0.05));
        Assert.That(() => (AugmentOptions.Off with { DownUpProbability = 1, DownUpMinPixels = Side }).CheckedFor(Side),
            Throws.TypeOf<DataProblem>().With.Message.Contains("downUpMinPixels"));
    }

    [Test]
    public void Erasing_greys_one_rectangle_in_all_planes()
    {
        var before = Apply(AugmentOptions.Off, 6);
        var after = Apply(AugmentOptions.Off with { EraseProbability = 1 }, 6);
        var changed = Enumerable.Range(0, before.Length).Where(i => after[i] != before[i]).ToArray();
        Assert.That(changed, Is.Not.Empty);
        Assert.That(changed.Select(i => after[i]), Is.All.Zero);
        var cells = changed.Select(i => i % (Side * Side)).Distinct().ToArray();
        var (xs, ys) = (cells.Select(i => i % Side).Distinct().ToArray(), cells.Select(i => i / Side).Distinct().ToArray());
        Assert.That(changed, Has.Length.EqualTo(3 * xs.Length * ys.Length));
        Assert.That((xs.Length, ys.Length), Is.LessThanOrEqualTo((6, 6)));
    }

    [Test]
    public void A_number_out_of_range_is_refused_by_name() =>
        Assert.That(() => (AugmentOptions.Off with { Contrast = double.NaN })
            .CheckedFor(Side), Throws.TypeOf<DataProblem>().With.Message.StartsWith("Augment: contrast = NaN"));

    private static FaceImage Flat(byte value) => new(Side, Side, Enumerable.Repeat(value, Side * Side * 3).ToArray());

    private static float[] Apply(AugmentOptions options, int index, int resolution = Side) => Apply(Image, options, index, resolution);

    private static float[] Apply(FaceImage image, AugmentOptions options, int index, int resolution = Side)
    {
        var planes = new float[3 * resolution * resolution];
        Augment.Apply(image, options, resolution, new RandomStream(1, StreamPurpose.Augment, 0, index), planes);
        return planes;
    }

    private static double Variance(float[] values) => values.Average(v => (double)v * v) - Math.Pow(values.Average(v => (double)v), 2);
}
