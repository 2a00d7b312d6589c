using System.Buffers;
using System.Numerics;

namespace Ablation.Harness.Data;

/// <summary>A rectangle of a picture in its pixels; pixel (x, y) covers [x, x+1) x [y, y+1). Fractions are allowed, and so is
/// reaching over the border, where the outermost pixels repeat.</summary>
public readonly record struct CropBox(double Left, double Top, double Width, double Height)
{
    public static CropBox Whole(FaceImage image) => new(0, 0, image.Width, image.Height);
}

/// <summary>Changes the resolution of pictures: separable, in float, the same to the last bit on every platform.</summary>
public static class Resample
{
    /// <summary>
    /// The picture at <paramref name="resolution"/> x <paramref name="resolution"/>: each axis by area where it shrinks, by
    /// bicubic where it grows. A picture that is not square is stretched, so that nothing of it is lost.
    /// </summary>
    public static FaceImage ToResolution(FaceImage image, int resolution) => ToSize(image, resolution, resolution, null);

    /// <summary>Each output pixel is the mean of the area it covers.</summary>
    public static FaceImage Area(FaceImage image, int width, int height) => ToSize(image, width, height, ResampleKernel.Area);

    public static FaceImage Bilinear(FaceImage image, int width, int height) => ToSize(image, width, height, ResampleKernel.Bilinear);

    /// <summary>Catmull-Rom cubic (a = -0.5) without a low-pass filter: for growing, not for shrinking.</summary>
    public static FaceImage Bicubic(FaceImage image, int width, int height) => ToSize(image, width, height, ResampleKernel.Bicubic);

    /// <summary>
    /// Fills three planes (R, G, B; each <paramref name="resolution"/> squared floats in 0 .. 255, unrounded) with the part of
    /// <paramref name="image"/> in <paramref name="box"/>, with the kernels of <see cref="ToResolution"/>;
    /// <paramref name="mirrored"/> reverses each row of the result.
    /// </summary>
    public static void ToPlanes(FaceImage image, CropBox box, int resolution, bool mirrored, Span<float> planes)
    {
        Check(image);
        var across = new ResampleTaps(image.Width, box.Left, box.Width, resolution, null, mirrored);
        var down = new ResampleTaps(image.Height, box.Top, box.Height, resolution, null);
        var pixels = image.Width * image.Height;
        var source = ArrayPool<float>.Shared.Rent(pixels * 3);
        Separate(image.Rgb, source.AsSpan(0, pixels * 3));
        for (var channel = 0; channel < 3; channel++)
            Plane(source.AsSpan(channel * pixels, pixels), across, down, planes.Slice(channel * resolution * resolution, resolution * resolution));
        ArrayPool<float>.Shared.Return(source);
        ToByteRange(planes[..(3 * resolution * resolution)]);
    }

    /// <summary>One plane of <c>down.Inputs x across.Inputs</c> values to one of <c>down.Outputs x across.Outputs</c>, unclamped.</summary>
    public static void Plane(ReadOnlySpan<float> source, ResampleTaps across, ResampleTaps down, Span<float> result)
    {
        var width = across.Inputs;
        var mixed = ArrayPool<float>.Shared.Rent(width);
        var row = mixed.AsSpan(0, width);
        for (var y = 0; y < down.Outputs; y++)
        {
            MixRows(source, width, down, y, row);
            across.Apply(row, result.Slice(y * across.Outputs, across.Outputs));
        }

        ArrayPool<float>.Shared.Return(mixed);
    }

    /// <summary>Cuts the overshoot of the cubic off at 0 and 255.</summary>
    public static void ToByteRange(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = Math.Clamp(values[i], 0f, 255f);
    }

    private static FaceImage ToSize(FaceImage image, int width, int height, ResampleKernel? kernel)
    {
        Check(image);
        var across = new ResampleTaps(image.Width, 0, image.Width, width, kernel);
        var down = new ResampleTaps(image.Height, 0, image.Height, height, kernel);
        var source = new float[image.Width * image.Height * 3];
        Separate(image.Rgb, source);
        var rgb = new byte[width * height * 3];
        var plane = new float[width * height];
        for (var channel = 0; channel < 3; channel++)
        {
            Plane(source.AsSpan(channel * image.Width * image.Height, image.Width * image.Height), across, down, plane);
            for (var i = 0; i < plane.Length; i++) rgb[i * 3 + channel] = (byte)Math.Clamp(plane[i] + 0.5f, 0f, 255f);
        }

        return new FaceImage(width, height, rgb);
    }

    private static void MixRows(ReadOnlySpan<float> source, int width, ResampleTaps down, int y, Span<float> row)
    {
        var weights = down.Weights(y);
        row.Clear();
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var weight = weights[tap];
            var input = source.Slice((down.First(y) + tap) * width, width);
            var x = 0;
            // products and sums stay separate operations, a lane each: a fused multiply-add would round differently
            for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
                (new Vector<float>(row[x..]) + new Vector<float>(input[x..]) * weight).CopyTo(row[x..]);
            for (; x < width; x++) row[x] += input[x] * weight;
        }
    }

    private static void Separate(ReadOnlySpan<byte> rgb, Span<float> planes)
    {
        var pixels = rgb.Length / 3;
        var red = planes[..pixels];
        var green = planes.Slice(pixels, pixels);
        var blue = planes.Slice(pixels * 2, pixels);
        for (var i = 0; i < red.Length; i++)
        {
            red[i] = rgb[i * 3];
            green[i] = rgb[i * 3 + 1];
            blue[i] = rgb[i * 3 + 2];
        }
    }

    private static void Check(FaceImage image)
    {
        if (image.Width < 1 || image.Height < 1 || image.Rgb.Length != image.Width * image.Height * 3)
            throw new ArgumentException($"{image.Rgb.Length} bytes are no {image.Width} x {image.Height} picture in RGB", nameof(image));
    }
}
