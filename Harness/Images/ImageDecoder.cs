using Ablation.Harness.Foundations;
using SkiaSharp;

namespace Ablation.Harness.Images;

/// <summary>Turns an encoded picture (JPEG, PNG, BMP, WebP, PGM, PPM) into R, G, B bytes; the format is told by content.</summary>
/// <remarks>As OpenCV does, with which the field's packs were written: colour profiles are not applied, alpha is dropped,
/// grey is replicated, an EXIF orientation is applied.</remarks>
public static class ImageDecoder
{
    /// <summary>The largest file that is decoded, in bytes: <see cref="FaceImage.MaximumPixels"/> in the least dense format.</summary>
    public const int MaximumBytes = 4 * FaceImage.MaximumPixels;

    /// <summary>The extensions that folders are searched for; what is inside decides the format.</summary>
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
                    $"images of at most {MaximumBytes} bytes are read: look whether it is one");
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
    /// <param name="bytes">The whole encoded picture, and nothing before it.</param>
    /// <param name="where">File, and offset where it is part of one; stands in the error.</param>
    /// <exception cref="DataProblem">Empty, of an unknown format, incomplete, damaged or absurdly large.</exception>
    public static FaceImage Decode(ReadOnlySpan<byte> bytes, string where)
    {
        if (bytes.IsEmpty) throw new DataProblem(where, "the image has no bytes", "write or download it again");
        if (Netpbm.Starts(bytes)) return Netpbm.Decode(bytes, where);
        var (result, isJpeg) = SkiaPixels.Decode(bytes, where, out var image);
        // Skia reads zeros in place of what is missing, and calls a progressive one invalid
        var lacksEnd = isJpeg && bytes.LastIndexOf<byte>([0xFF, 0xD9]) < 0;
        if (result == SKCodecResult.Success && !lacksEnd) return image!;
        if (isJpeg && JpegWithoutEnd.Read(bytes, where) is { } whole) return whole with { LacksEnd = true };
        throw new DataProblem(where, result == SKCodecResult.IncompleteInput || lacksEnd
            ? "the image is cut off" : $"the image is damaged ({result})", "write or download it again");
    }
}
