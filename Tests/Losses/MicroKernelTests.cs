using System.Runtime.Intrinsics;
using Ablation.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The multiplication and the exponential of the fused kernels.</summary>
public sealed unsafe class MicroKernelTests
{
    [Test]
    public void A_block_is_the_product_of_its_factors([Values(1, 7, 8, 19)]
    int rows, [Values(1, 2, 33)] int length, [Values] bool transposed, [Values] bool add)
    {
        var (a, b, c) = (Numbers(rows * length, 1), Numbers(length * 32, 2), Numbers(rows * 40, 3));
        var before = c.ToArray();
        var (rowStride, step) = transposed ? (1, rows) : (length, 1);
        fixed (float* pa = a, pb = b, pc = c) MicroKernel.Multiply(pa, rowStride, step, rows, pb, pc, 40, length, add);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < 40; j++)
            {
                double expected = j >= 32 || add ? before[i * 40 + j] : 0;
                for (var k = 0; k < length && j < 32; k++) expected += (double)a[i * rowStride + k * step] * b[k * 32 + j];
                Assert.That(c[i * 40 + j], Is.EqualTo(expected).Within(1e-5), $"row {i}, column {j}");
            }
        }
    }

    [Test]
    public void Both_widths_of_vectors_give_the_same_block()
    {
        if (!Vector512.IsHardwareAccelerated) Assert.Ignore("this processor has no vectors of 512 bits");
        var (a, b) = (Numbers(8 * 50, 1), Numbers(50 * 32, 2));
        var (wide, narrow) = (new float[8 * 32], new float[8 * 32]);
        fixed (float* pa = a, pb = b, pw = wide, pn = narrow)
        {
            Wide.Multiply8(pa, 50, 1, pb, pw, 32, 50, add: false);
            Narrow.Multiply8(pa, 50, 1, pb, pn, 32, 50, add: false);
            Wide.Multiply8(pa, 50, 1, pb, pw, 32, 50, add: true);
            Narrow.Multiply8(pa, 50, 1, pb, pn, 32, 50, add: true);
        }

        Assert.That(narrow, Is.EqualTo(wide), "the same sums in the same order");
        Assert.That(wide.Distinct().Count(), Is.GreaterThan(200));
    }

    [Test]
    public void The_exponential_is_exact_to_two_units_in_the_last_place()
    {
        for (var x = -63.9f; x < 80; x += 0.0137f)
        {
            var actual = VectorExp.Exp(Vector512.Create(x))[3];
            Assert.That(actual, Is.EqualTo(Math.Exp(x)).Within(2.4e-7 * Math.Exp(x)), $"e^{x}");
        }

        Assert.That(VectorExp.Exp(Vector512.Create(-64.1f))[0], Is.Zero);
        Assert.That(VectorExp.Exp(Vector512.Create(float.NegativeInfinity))[0], Is.Zero);
        Assert.That(VectorExp.Exp(Vector512.Create(float.NaN))[0], Is.NaN);
        Assert.That(VectorExp.Exp(Vector512<float>.Zero)[0], Is.EqualTo(1));
    }

    private static float[] Numbers(int count, ulong seed)
    {
        using var generator = new Generator(seed);
        using var values = randn(count, generator: generator);
        return values.data<float>().ToArray();
    }
}
