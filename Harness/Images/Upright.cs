using System.Runtime.Intrinsics;
using SkiaSharp;

namespace Ablation.Harness.Images;

/// <summary>Packs R, G, B, A pixels to R, G, B and turns the picture by its EXIF orientation.</summary>
internal static class Upright
{
    public static FaceImage Rgb(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(width * height * 3);
        if (origin is SKEncodedOrigin.TopLeft or 0)
        {
            Pack(rgba, rgb);
            return new FaceImage(width, height, rgb);
        }

        var turned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop
            or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (columns, rows) = turned ? (height, width) : (width, height);
        for (int y = 0, to = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++, to += 3)
            {
                var (column, row) = Stored(x, y, width, height, origin);
                rgba.Slice((row * width + column) * 4, 3).CopyTo(rgb.AsSpan(to));
            }
        }

        return new FaceImage(columns, rows, rgb);
    }

    private static void Pack(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        int from = 0, to = 0;
        // the last four are overwritten by the next step
        var take = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0);
        for (; to <= rgb.Length - Vector128<byte>.Count; from += 16, to += 12)
            Vector128.Shuffle(Vector128.Create(rgba[from..]), take).CopyTo(rgb[to..]);
        for (; to < rgb.Length; from += 4, to += 3) rgba.Slice(from, 3).CopyTo(rgb[to..]);
    }

    // EXIF 2.3, tag 0x0112: the name says where the stored row 0 and column 0 lie in the upright picture
    private static (int Column, int Row) Stored(int x, int y, int width, int height, SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => (width - 1 - x, y),
        SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
        SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
        SKEncodedOrigin.LeftTop => (y, x),
        SKEncodedOrigin.RightTop => (y, height - 1 - x),
        SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
        _ => (width - 1 - y, x), // LeftBottom
    };
}
