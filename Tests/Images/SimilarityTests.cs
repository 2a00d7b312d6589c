using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Tests.Images;

/// <summary>The least-squares similarity on cases solved by hand, and the warp on pictures whose result is known.</summary>
public sealed class SimilarityTests
{
    private static readonly double[] Triangle = [0, 0, 4, 0, 0, 2];

    [TestCase(new[] { 0.0, 0, 4, 0, 0, 2 }, 1, 0, 0, 0, TestName = "Identity")]
    [TestCase(new[] { 0.0, 0, 12, 0, 0, 6 }, 3, 0, 0, 0, TestName = "Scale by 3")]
    [TestCase(new[] { 5.0, -7, 9, -7, 5, -5 }, 1, 0, 5, -7, TestName = "Shift")]
    [TestCase(new[] { 0.0, 0, 0, 4, -2, 0 }, 0, 1, 0, 0, TestName = "Rotation by 90 degrees, x towards y")]
    [TestCase(new[] { 1.0, 2, 1, -6, 5, 2 }, 0, -2, 1, 2, TestName = "Rotation by -90 degrees, scale 2 and shift")]
    public void An_exact_similarity_is_found(double[] targets, double a, double b, double x, double y)
    {
        var fit = Similarity.Fit(Triangle, targets)!.Value;
        Assert.That(new[] { fit.A, fit.B, fit.X, fit.Y }, Is.EqualTo(new[] { a, b, x, y }).Within(1e-12));
    }

    /// <summary>
    /// A square of side 2 about (1, 1) to twice its size about (0, 0), one corner off by (0.4, 0.8): centred the points are (+-1, +-1),
    /// the targets' centre is (0.1, 0.2); sums x u + y v = 16 + 1.2, x v - y u = 0.4, x x + y y = 8.
    /// </summary>
    [Test]
    public void Noise_is_shared_out_by_least_squares()
    {
        var fit = Similarity.Fit([0, 0, 2, 0, 0, 2, 2, 2], [-2, -2, 2, -2, -2, 2, 2.4, 2.8])!.Value;
        Assert.That((fit.A, fit.B), Is.EqualTo((17.2 / 8, 0.4 / 8))
            .Using<(double, double)>((p, q) => Math.Abs(p.Item1 - q.Item1) + Math.Abs(p.Item2 - q.Item2) < 1e-12));
        var (x, y) = fit.Apply(1, 1);
        Assert.That(new[] { x, y }, Is.EqualTo(new[] { 0.1, 0.2 }).Within(1e-12), "the centre maps to the centre");
    }

    /// <summary>A mirrored triangle: the fit is no reflection, and no similarity near it is better.</summary>
    [Test]
    public void The_fit_is_never_a_reflection_and_no_neighbour_is_better()
    {
        double[] mirrored = [0, 0, -4, 0, 0, 2];
        var fit = Similarity.Fit(Triangle, mirrored)!.Value;
        var best = Error(fit);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            double Off() => (random.NextDouble() - 0.5) * 0.2;
            Assert.That(Error(new Similarity(fit.A + Off(), fit.B + Off(), fit.X + Off(), fit.Y + Off())), Is.GreaterThanOrEqualTo(best));
        }

        double Error(Similarity one)
        {
            var error = 0.0;
            for (var i = 0; i < Triangle.Length; i += 2)
            {
                var (x, y) = one.Apply(Triangle[i], Triangle[i + 1]);
                error += Math.Pow(x - mirrored[i], 2) + Math.Pow(y - mirrored[i + 1], 2);
            }

            return error;
        }
    }

    [Test]
    public void Coincident_points_and_mirror_images_without_direction_have_no_fit()
    {
        Assert.That(Similarity.Fit([3, 4, 3, 4, 3, 4], Triangle), Is.Null);
        Assert.That(Similarity.Fit([0.7, 0.7, 0.7, 0.7, 0.7, 0.7], Triangle), Is.Null, "the mean of three times 0.7 is not quite 0.7");
        Assert.That(Similarity.Fit([1e6, 1e6, 1e6 + 0.001, 1e6, 1e6, 1e6 + 0.001], Triangle), Is.Null, "closer than float32 resolves");
        Assert.That(Similarity.Fit([1, 1, -1, 1, 1, -1, -1, -1], [1, -1, -1, -1, 1, 1, -1, 1]), Is.Null,
            "a square mirrored: every angle is as good");
        Assert.That(() => Similarity.Fit([1, 2], [1, 2]), Throws.ArgumentException);
        Assert.That(() => FivePoints.Align(Pictures.Of(1), new float[] { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 }, "a.jpg"),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith("a.jpg: its five landmarks lie in one point"));
    }

    [Test]
    public void The_inverse_maps_back()
    {
        var fit = new Similarity(1.3, -0.4, 7, -2);
        var (x, y) = fit.Apply(3, 5);
        var (backX, backY) = fit.Inverse().Apply(x, y);
        Assert.That(new[] { backX, backY }, Is.EqualTo(new[] { 3.0, 5 }).Within(1e-12));
    }

    [Test]
    public void Landmarks_on_the_template_keep_the_picture_with_a_black_border()
    {
        var image = Pictures.Of(3, 100, 120);
        var aligned = FivePoints.Align(image, [.. FivePoints.Template.Select(value => (float)value)], "");
        for (var y = 0; y < 112; y++)
        {
            for (var x = 0; x < 112; x++)
                Assert.That(aligned.Rgb.AsSpan(3 * (y * 112 + x), 3)
                    .ToArray(), Is.EqualTo(x < 100 ? image.Rgb.AsSpan(3 * (y * 100 + x), 3).ToArray() : new byte[3]), $"{x}, {y}");
        }
    }

    [Test]
    public void A_warp_interpolates_bilinearly_and_fades_into_black()
    {
        var image = new FaceImage(2, 2, [10, 10, 10, 50, 50, 50, 90, 90, 90, 130, 130, 130]);
        byte[] Grey(Similarity back, int width, int height) =>
            [.. FivePoints.Warp(image, back, width, height).Rgb.Where((_, i) => i % 3 == 0)];
        Assert.That(Grey(new Similarity(0.5, 0, 0, 0), 3, 3), Is.EqualTo(new byte[] { 10, 30, 50, 50, 70, 90, 90, 110, 130 }));
        Assert.That(Grey(new Similarity(1, 0, 0.25, 0), 2, 1), Is.EqualTo(new byte[] { 20, 38 }),
            "0.75 * 10 + 0.25 * 50; 0.75 * 50 + 0.25 * 0, rounded");
        Assert.That(Grey(new Similarity(0, 1, 1, 0), 2, 2), Is.EqualTo(new byte[] { 50, 130, 10, 90 }), "the inverse turns x into y");
        Assert.That(Grey(new Similarity(1, 0, 5, 0), 2, 1), Is.EqualTo(new byte[] { 0, 0 }));
        Assert.That(Grey(new Similarity(1, 0, -0.5, -0.5), 1, 1), Is.EqualTo(new byte[] { 3 }), "a quarter of the corner");
    }
}
