using System.Buffers;
using System.Runtime.InteropServices;
using Ablation.Harness.Foundations;
using SkiaSharp;

namespace Ablation.Harness.Images;

/// <summary>Decodes JPEG, PNG, BMP and WebP by Skia.</summary>
internal static class SkiaPixels
{
    /// <param name="image">Null unless the result is success.</param>
    /// <exception cref="DataProblem">The format is unknown, or the size absurd.</exception>
    public static (SKCodecResult Result, bool IsJpeg) Decode(ReadOnlySpan<byte> bytes, string where, out FaceImage? image)
    {
        image = null;
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png
                or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Webp))
        {
            throw new DataProblem(where, $"not a JPEG, PNG, BMP, WebP, PGM or PPM image (starts with {Start(bytes)})",
                "convert it, or write or download it again");
        }

        var stored = codec.Info; // asks Skia anew each time
        var (width, height) = (stored.Width, stored.Height);
        FaceImage.CheckSize(width, height, where);

        // unpremultiplied, so that dropping alpha leaves the stored colours; no colour space, so that no profile is applied
        var alpha = stored.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, alpha);
        var rgba = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        var pinned = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            var result = codec.GetPixels(info, pinned.AddrOfPinnedObject());
            if (result == SKCodecResult.Success)
                image = Upright.Rgb(rgba.AsSpan(0, info.BytesSize), width, height, codec.EncodedOrigin);
            return (result, codec.EncodedFormat == SKEncodedImageFormat.Jpeg);
        }
        finally
        {
            pinned.Free();
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    private static string Start(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)]);
}
