using SkiaSharp;

namespace Ablation.Harness.Images;

/// <summary>A decoded picture as Skia's own, and as the bytes of a PNG, which lose nothing.</summary>
internal static class PngPicture
{
    public static SKImage Of(FaceImage image)
    {
        var rgba = new byte[image.Width * image.Height * 4];
        for (int from = 0, to = 0; to < rgba.Length; from += 3, to += 4)
        {
            image.Rgb.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }

        return SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
    }

    public static byte[] Bytes(FaceImage image)
    {
        using var picture = Of(image);
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
