using Ablation.Harness.Images;

namespace Ablation.Tests.Images;

/// <summary>Each kernel on one axis against its definition, a double loop over inputs; borders repeat the outermost pixel.</summary>
[Parallelizable]
public sealed class ResampleKernelTests
{
    private static readonly (int Inputs, int Outputs)[] Sizes = [(32, 12), (32, 31), (7, 32), (12, 5), (1, 4), (5, 1), (16, 16)];

    [Test]
    public void Every_kernel_keeps_a_constant([Values] ResampleKernel kernel, [ValueSource(nameof(Sizes))] (int Inputs, int Outputs) size)
    {
        var output = Resampled(kernel, size, _ => 77);
        Assert.That(output, Is.All.EqualTo(77f).Within(1e-3));
    }

    [TestCaseSource(nameof(Sizes))]
    public void Nearest_takes_the_pixel_that_holds_the_centre((int Inputs, int Outputs) size) =>
        Compare(ResampleKernel.Nearest, size, (centre, pixel) => pixel <= centre + 0.5 && centre + 0.5 < pixel + 1 ? 1 : 0);

    [TestCaseSource(nameof(Sizes))]
    public void Linear_falls_to_zero_at_the_next_pixel((int Inputs, int Outputs) size) =>
        Compare(ResampleKernel.Linear, size, (centre, pixel) => Math.Max(0, 1 - Math.Abs(centre - pixel)));

    [TestCaseSource(nameof(Sizes))]
    public void Lanczos_is_a_windowed_sinc_of_four_lobes((int Inputs, int Outputs) size) =>
        Compare(ResampleKernel.Lanczos, size, (centre, pixel) => Math.Abs(centre - pixel) is var x && x >= 4 ? 0
            : x < 1e-12 ? 1 : 4 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 4) / (Math.PI * x * Math.PI * x));

    private static void Compare(ResampleKernel kernel, (int Inputs, int Outputs) size, Func<double, int, double> weight)
    {
        var output = Resampled(kernel, size, Value);
        for (var k = 0; k < size.Outputs; k++)
        {
            var centre = (k + 0.5) * size.Inputs / size.Outputs - 0.5;
            double sum = 0, weights = 0;
            for (var pixel = -5; pixel < size.Inputs + 5; pixel++)
            {
                weights += weight(centre, pixel);
                sum += weight(centre, pixel) * Value(Math.Clamp(pixel, 0, size.Inputs - 1));
            }

            Assert.That(output[k], Is.EqualTo(sum / weights).Within(1e-3), $"output {k}");
        }
    }

    private static float Value(int pixel) => 37 * pixel % 251;

    private static float[] Resampled(ResampleKernel kernel, (int Inputs, int Outputs) size, Func<int, float> value)
    {
        var output = new float[size.Outputs];
        new ResampleTaps(size.Inputs, 0, size.Inputs, size.Outputs, kernel)
            .Apply([.. Enumerable.Range(0, size.Inputs).Select(value)], output);
        return output;
    }
}
