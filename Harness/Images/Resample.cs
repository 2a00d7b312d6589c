using System.Buffers;
using System.Numerics;

namespace Ablation.Harness.Images;

/// <summary>A rectangle of a picture in its pixels; pixel (x, y) covers [x, x+1) x [y, y+1). It may have fractions and reach over the
/// border, where the outermost pixels repeat.</summary>
public readonly record struct CropBox(double Left, double Top, double Width, double Height)
{
    public static CropBox Whole(FaceImage image) => new(0, 0, image.Width, image.Height);
}

/// <summary>Changes the resolution of pictures by separable filters in float, with the same bits on every platform.</summary>
public static class Resample
{
    private readonly record struct Axis(int Inputs, double Offset, double Length, int Outputs, bool Mirrored);

    private sealed record Recent(Axis Axis, ResampleTaps Taps);

    [ThreadStatic] private static Recent? lastAcross;
    [ThreadStatic] private static Recent? lastDown;

    /// <summary>
    /// Fills three planes (R, G, B; each <paramref name="resolution"/> squared floats in 0 .. 255, unrounded) with the part of
    /// <paramref name="image"/> in <paramref name="box"/>: each axis by area where it shrinks, by bicubic where it grows. A part that is
    /// not square is stretched, so that nothing of it is lost.
    /// </summary>
    /// <param name="mirrored">Reverses each row of the result.</param>
    public static void ToPlanes(FaceImage image, CropBox box, int resolution, bool mirrored, Span<float> planes)
    {
        Check(image);
        var across = TapsFor(ref lastAcross, image.Width, box.Left, box.Width, resolution, mirrored);
        var down = TapsFor(ref lastDown, image.Height, box.Top, box.Height, resolution, mirrored: false);
        planes = planes[..(3 * resolution * resolution)];
        if (across.IsIdentity && down.IsIdentity)
        {
            RgbPlanes.Separate(image.Rgb, planes);
            return;
        }

        RgbMix.ToPlanes(image.Rgb, across, down, planes);
        ToByteRange(planes);
    }

    /// <summary>
    /// Resamples a plane of <c>down.Inputs x across.Inputs</c> values to <c>down.Outputs x across.Outputs</c>, unclamped.
    /// </summary>
    public static void Plane(ReadOnlySpan<float> source, ResampleTaps across, ResampleTaps down, Span<float> result)
    {
        var width = across.Inputs;
        var mixed = ArrayPool<float>.Shared.Rent(width);
        var row = mixed.AsSpan(0, width);
        for (var y = 0; y < down.Outputs; y++)
        {
            RgbMix.MixRows(source, width, down, y, row);
            across.Apply(row, result.Slice(y * across.Outputs, across.Outputs));
        }

        ArrayPool<float>.Shared.Return(mixed);
    }

    /// <summary>Clamps the overshoot of the cubic to 0 .. 255.</summary>
    public static void ToByteRange(Span<float> values)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.ClampNative(new Vector<float>(values[i..]), Vector<float>.Zero, new Vector<float>(255f)).CopyTo(values[i..]);
        for (; i < values.Length; i++) values[i] = Math.Clamp(values[i], 0f, 255f);
    }

    /// <summary>The whole picture at another size: each output pixel is the mean of the area it covers.</summary>
    public static FaceImage Area(FaceImage image, int width, int height)
    {
        Check(image);
        var planes = new float[width * height * 3];
        RgbMix.ToPlanes(image.Rgb, new ResampleTaps(image.Width, 0, image.Width, width, ResampleKernel.Area),
            new ResampleTaps(image.Height, 0, image.Height, height, ResampleKernel.Area), planes);
        return Rounded(planes, width, height);
    }

    /// <summary>The whole picture as a square, by the filters of <see cref="ToPlanes"/>.</summary>
    public static FaceImage Square(FaceImage image, int side)
    {
        var planes = new float[side * side * 3];
        ToPlanes(image, CropBox.Whole(image), side, mirrored: false, planes);
        return Rounded(planes, side, side);
    }

    private static FaceImage Rounded(float[] planes, int width, int height)
    {
        var rgb = new byte[planes.Length];
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = planes.AsSpan(channel * width * height, width * height);
            for (var i = 0; i < plane.Length; i++) rgb[i * 3 + channel] = (byte)Math.Clamp(plane[i] + 0.5f, 0f, 255f);
        }

        return new FaceImage(width, height, rgb);
    }

    /// <summary>Returns the taps of this thread's last picture if they fit; without random changes they always do.</summary>
    private static ResampleTaps TapsFor(ref Recent? last, int inputs, double offset, double length, int outputs, bool mirrored)
    {
        var axis = new Axis(inputs, offset, length, outputs, mirrored);
        if (last is null || last.Axis != axis) last = new Recent(axis, new ResampleTaps(inputs, offset, length, outputs, null, mirrored));
        return last.Taps;
    }

    private static void Check(FaceImage image)
    {
        if (image.Width < 1 || image.Height < 1 || image.Rgb.Length != image.Width * image.Height * 3)
            throw new ArgumentException($"{image.Rgb.Length} bytes are not a {image.Width} x {image.Height} picture in RGB", nameof(image));
    }
}
