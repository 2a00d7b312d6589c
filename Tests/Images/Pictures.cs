using Ablation.Harness.Images;
using SkiaSharp;

namespace Ablation.Tests.Images;

/// <summary>Small pictures and their encodings, for the readers to read back.</summary>
internal static class Pictures
{
    /// <summary>All pixels, rows, columns and channels differ, so that any mix-up shows.</summary>
    public static FaceImage Of(int seed, int width = 12, int height = 10)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++) rgb[i] = (byte)(seed * 61 + i * 37 + i / 3 * 11 + i / (3 * width) * 5);
        return new FaceImage(width, height, rgb);
    }

    /// <summary>Smooth, so that a lossy encoding is close.</summary>
    public static FaceImage Smooth(int seed, int width = 32, int height = 24)
    {
        var rgb = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                rgb[3 * (y * width + x)] = (byte)(40 + 180 * x / width);
                rgb[3 * (y * width + x) + 1] = (byte)(40 + 180 * y / height);
                rgb[3 * (y * width + x) + 2] = (byte)(40 + seed * 23 % 160);
            }
        }

        return new FaceImage(width, height, rgb);
    }

    public static byte[] Png(FaceImage image) => Encoded(image, SKEncodedImageFormat.Png, 100);

    public static byte[] Jpeg(FaceImage image) => Encoded(image, SKEncodedImageFormat.Jpeg, 95);

    /// <summary>WebP of quality 100 as Skia writes it.</summary>
    public static byte[] WebP(FaceImage image) => Encoded(image, SKEncodedImageFormat.Webp, 100);

    /// <summary>A PNG with alpha from 1 to 255.</summary>
    public static byte[] TransparentPng(FaceImage image) => Encoded(image, SKEncodedImageFormat.Png, 100, i => (byte)(1 + i % 255));

    /// <summary>Binary PPM with a comment in its header.</summary>
    public static byte[] Ppm(FaceImage image) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"P6 # written by a test\n{image.Width}\n#another\n {image.Height}\t255\n"), .. image.Rgb];

    /// <summary>24-bit BMP: rows from the bottom, B G R, padded to 4 bytes.</summary>
    public static byte[] Bmp(FaceImage image)
    {
        var stride = (image.Width * 3 + 3) / 4 * 4;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("BM"u8);
        writer.Write(54 + stride * image.Height);
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(image.Width);
        writer.Write(image.Height);
        writer.Write((short)1);
        writer.Write((short)24);
        for (var i = 0; i < 6; i++) writer.Write(i == 1 ? stride * image.Height : 0);
        for (var y = image.Height - 1; y >= 0; y--)
        {
            for (var x = 0; x < image.Width; x++)
            {
                for (var c = 2; c >= 0; c--) writer.Write(image.Rgb[3 * (y * image.Width + x) + c]);
            }

            writer.Write(new byte[stride - image.Width * 3]);
        }

        return bytes.ToArray();
    }

    /// <summary>Returns the mean absolute difference of two pictures of one size, in grey levels.</summary>
    public static double Distance(FaceImage a, FaceImage b)
    {
        Assert.That((b.Width, b.Height), Is.EqualTo((a.Width, a.Height)));
        return a.Rgb.Zip(b.Rgb, (x, y) => Math.Abs(x - y)).Average();
    }

    private static byte[] Encoded(FaceImage image, SKEncodedImageFormat format, int quality, Func<int, byte>? alpha = null)
    {
        var kind = alpha is null ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, kind));
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            image.Rgb.AsSpan(3 * i, 3).CopyTo(pixels[(4 * i)..]);
            pixels[4 * i + 3] = alpha?.Invoke(i) ?? 255;
        }

        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
