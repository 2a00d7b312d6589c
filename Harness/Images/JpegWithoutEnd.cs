using SkiaSharp;

namespace Ablation.Harness.Images;

/// <summary>
/// Reads a JPEG that lacks only its end marker, as libjpeg does. One that was cut off earlier has pixels that libjpeg makes up. To find
/// that out, the picture is decoded with nothing appended and with one byte of each leading four bits: if all pixels are there, no
/// appended byte changes any.
/// </summary>
internal static class JpegWithoutEnd
{
    private const int Step = 0x11; // a byte for each start of four bits
    private const int Filling = 4096; // bytes: more than an MCU, whose first blocks may lie outside the picture

    /// <summary>Returns the picture; null if a pixel depends on missing bytes.</summary>
    public static FaceImage? Read(ReadOnlySpan<byte> bytes, string where)
    {
        var end = bytes.Length;
        while (end > 2 && bytes[end - 1] == 0 && bytes[end - 2] != 0xFF) end--; // padding of a file; FF 00 is a byte of the picture
        if (end > 2 && bytes[end - 1] == 0xFF) end--; // the marker's own first byte
        var body = bytes[..end];
        if (JpegScans.Read(body) is not { AreAllThere: true } scans) return null;
        if (Decoded(body, [], where) is not { } image) return null;
        for (var first = 0; first <= 0xFF; first += Step)
        {
            if (Decoded(body, Behind((byte)Math.Min(first, 0xFE), scans.NextRestart), where) is not { } other
                || !image.Rgb.AsSpan().SequenceEqual(other.Rgb)) return null;
        }

        return image;
    }

    /// <summary>Returns bytes for the interval that was cut, and for each that may follow a restart marker.</summary>
    private static byte[] Behind(byte first, int nextRestart)
    {
        byte[] filled = [first, .. Enumerable.Repeat((byte)0x69, Filling)];
        return [.. filled, .. Enumerable.Range(nextRestart, 8).SelectMany(number => (byte[])[0xFF, (byte)(0xD0 + number % 8), .. filled])];
    }

    private static FaceImage? Decoded(ReadOnlySpan<byte> body, byte[] behind, string where) =>
        SkiaPixels.Decode([.. body, .. behind, 0xFF, 0xD9], where, out var image).Result == SKCodecResult.Success ? image : null;
}
