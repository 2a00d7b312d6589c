using Ablation.Harness.Foundations;
using SkiaSharp;

namespace Ablation.Harness.Images;

/// <summary>Decodes a picture (JPEG, PNG, BMP, WebP, PGM, PPM) to R, G, B bytes; its content decides the format.</summary>
/// <remarks>Colour profiles are not applied, alpha is dropped, grey is replicated and an EXIF orientation is applied, as in OpenCV, with
/// which the field's packs were written.</remarks>
public static class ImageDecoder
{
    /// <summary>The largest file that is decoded, in bytes: <see cref="FaceImage.MaximumPixels"/> in the least dense format.</summary>
    public const int MaximumBytes = 4 * FaceImage.MaximumPixels;

    /// <summary>Extensions that folders are searched for; the content decides the format.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".pgm", ".ppm"];

    /// <summary>Reads and decodes one file.</summary>
    /// <exception cref="DataProblem">The file is missing, unreadable or damaged.</exception>
    public static FaceImage DecodeFile(string path)
    {
        byte[] bytes;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            if (length > MaximumBytes)
                throw new DataProblem(path, $"the file has {length} bytes",
                    $"images of at most {MaximumBytes} bytes are read: check that it is one");
            bytes = GC.AllocateUninitializedArray<byte>((int)length);
            var read = 0;
            for (int got; read < bytes.Length && (got = RandomAccess.Read(file, bytes.AsSpan(read), read)) > 0;) read += got;
            if (read < bytes.Length) throw new IOException("the file became shorter while it was read");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var what = problem is FileNotFoundException or DirectoryNotFoundException ? "the image is missing" : "the image cannot be read";
            throw new DataProblem(path, what, "check the path and the file's permissions", problem);
        }

        return Decode(bytes, path);
    }

    /// <summary>Decodes one picture at the size it is stored in. Thread-safe.</summary>
    /// <param name="bytes">The whole encoded picture.</param>
    /// <param name="where">File, and offset if it is part of one, for the error.</param>
    /// <exception cref="DataProblem">It is empty, of an unknown format, incomplete, damaged or absurdly large.</exception>
    public static FaceImage Decode(ReadOnlySpan<byte> bytes, string where)
    {
        if (bytes.IsEmpty) throw new DataProblem(where, "the image has no bytes", "write or download it again");
        if (Netpbm.Starts(bytes)) return Netpbm.Decode(bytes, where);
        if (bytes is [(byte)'P', (>= (byte)'1' and <= (byte)'4') or (byte)'7', (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', ..])
            throw new DataProblem(where, $"a Netpbm picture of kind P{(char)bytes[1]}, which is not read",
                "convert it to a binary PGM or PPM of 8 bits a sample (P5 or P6)");
        var (result, isJpeg) = SkiaPixels.Decode(bytes, where, out var image);
        // Skia reads zeros in place of what is missing, and calls a progressive one invalid
        var lacksEnd = isJpeg && bytes.LastIndexOf<byte>([0xFF, 0xD9]) < 0;
        if (result == SKCodecResult.Success && !lacksEnd) return image!;
        if (isJpeg && JpegWithoutEnd.Read(bytes, where) is { } whole) return whole with { LacksEnd = true };
        throw new DataProblem(where, result == SKCodecResult.IncompleteInput || lacksEnd
            ? "the image is cut off" : $"the image is damaged ({result})", "write or download it again");
    }
}
