using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Blurs a painted picture, adds noise and rounds to bytes, as a camera does.</summary>
internal static class Camera
{
    /// <summary>Turns interleaved RGB in 0 .. 1 into a picture; <paramref name="pixels"/> is overwritten.</summary>
    public static FaceImage Shoot(Span<float> pixels, int resolution, SceneFactors scene, RandomStream noise)
    {
        Blur(pixels, resolution, scene.Blur * resolution / 112);
        var rgb = new byte[pixels.Length];
        var grain = scene.Noise * 255 / 26755f; // two 16-bit uniforms less their mean deviate by 65536 / sqrt(6)
        for (var i = 0; i < rgb.Length; i += 3)
        {
            var bits = noise.NextBits();
            var shared = (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) - 65535;
            var red = (int)(bits >> 32 & 0xFFFF) - 32768;
            var blue = (int)(bits >> 48) - 32768;
            rgb[i] = Round(pixels[i] * 255 + (shared + red) * grain);
            rgb[i + 1] = Round(pixels[i + 1] * 255 + shared * grain);
            rgb[i + 2] = Round(pixels[i + 2] * 255 + (shared + blue) * grain);
        }

        return new FaceImage(resolution, resolution, rgb);
    }

    private static byte Round(float value) => (byte)Math.Clamp(value + 0.5f, 0f, 255f);

    /// <summary>Applies the kernel (k, 1-2k, k) along both axes; each pass adds a variance of 2k, at most 1/2.</summary>
    private static void Blur(Span<float> pixels, int resolution, float deviation)
    {
        var row = resolution * 3;
        for (var variance = deviation * deviation; variance > 0.02f; variance -= 0.5f)
        {
            var k = Math.Min(variance, 0.5f) / 2;
            for (var y = 0; y < resolution; y++) Pass(pixels.Slice(y * row, row), k);
            Down(pixels, row, resolution, k);
        }
    }

    /// <summary>Along one row, in place; the borders repeat.</summary>
    private static void Pass(Span<float> row, float k)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var before = row[channel];
            for (var i = channel; i < row.Length; i += 3)
            {
                var here = row[i];
                var after = i + 3 < row.Length ? row[i + 3] : here;
                row[i] = here + k * (before - 2 * here + after);
                before = here;
            }
        }
    }

    /// <summary>Down all columns at once, in place.</summary>
    private static void Down(Span<float> pixels, int row, int rows, float k)
    {
        var before = pixels[..row].ToArray();
        for (var y = 0; y < rows; y++)
        {
            var here = pixels.Slice(y * row, row);
            var after = y + 1 < rows ? pixels.Slice((y + 1) * row, row) : here;
            for (var i = 0; i < row; i++)
            {
                var value = here[i];
                here[i] = value + k * (before[i] - 2 * value + after[i]);
                before[i] = value;
            }
        }
    }
}
