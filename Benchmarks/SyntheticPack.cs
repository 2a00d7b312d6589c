using System.Buffers.Binary;
using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Images;
using SkiaSharp;

namespace Ablation.Benchmarks;

/// <summary>
/// Writes synthetic faces as a RecordIO pack of JPEGs in InsightFace's layout, so that the whole loop can be measured without other data.
/// </summary>
public static class SyntheticPack
{
    /// <summary>Large enough that a second of training rarely sees a picture twice.</summary>
    public static readonly SyntheticOptions Standard = new() { Identities = 256, ImagesPerIdentity = 4 };

    private const uint Magic = 0xced7230a;
    private const int Quality = 95; // the default of im2rec

    /// <summary>Paints and encodes all pictures of <paramref name="options"/> into an existing folder.</summary>
    /// <returns>The path of the .rec file; its .idx and property files lie beside it.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static string Write(string folder, SyntheticOptions options)
    {
        using var source = options.Open(new DataRoot(folder));
        var pictures = new byte[source.Count][];
        Parallel.For(0, source.Count, i => pictures[i] = Jpeg(source.Read(i).Image));

        var index = new StringBuilder();
        var path = Path.Combine(folder, "train.rec");
        using (var pack = File.Create(path))
        {
            // record 0 has no image: its labels are the first key after the images, and the first key after all records
            Record(0, [source.Count + 1, source.Count + 1], []);
            for (var i = 0; i < source.Count; i++) Record(i + 1, [source.IdentityOf(i)], pictures[i]);

            void Record(int key, float[] labels, byte[] image)
            {
                index.Append($"{key}\t{pack.Position}\n");
                WriteRecord(pack, [.. Head(key, labels), .. image]);
            }
        }

        File.WriteAllText(Path.ChangeExtension(path, ".idx"), index.ToString());
        File.WriteAllText(Path.Combine(folder, "property"), $"{source.Identities},{options.Resolution},{options.Resolution}");
        return path;
    }

    /// <summary>
    /// Returns a record head, little-endian: u32 number of labels (0 for a single one), f32 label, two u64 ids, and the labels if several.
    /// </summary>
    private static byte[] Head(int key, float[] labels)
    {
        var several = labels.Length > 1;
        var head = new byte[24 + (several ? 4 * labels.Length : 0)];
        BinaryPrimitives.WriteUInt32LittleEndian(head, several ? (uint)labels.Length : 0);
        BinaryPrimitives.WriteSingleLittleEndian(head.AsSpan(4), several ? 0 : labels[0]);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(8), (ulong)key);
        for (var i = 0; several && i < labels.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(head.AsSpan(24 + 4 * i), labels[i]);
        return head;
    }

    /// <summary>Writes a payload in one part, or split at each magic word that it contains, which is then left out.</summary>
    private static void WriteRecord(Stream pack, ReadOnlySpan<byte> payload)
    {
        var start = 0;
        for (var i = 0; i + 4 <= payload.Length; i += 4)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(payload[i..]) != Magic) continue;
            Part(pack, start == 0 ? 1u : 2u, payload[start..i]);
            start = i + 4;
        }

        Part(pack, start == 0 ? 0u : 3u, payload[start..]);
    }

    private static void Part(Stream pack, uint flag, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], flag << 29 | (uint)bytes.Length);
        pack.Write(head);
        pack.Write(bytes);
        pack.Write(stackalloc byte[(4 - bytes.Length % 4) % 4]);
    }

    private static byte[] Jpeg(FaceImage image)
    {
        using var bitmap = new SKBitmap(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            image.Rgb.AsSpan(3 * i, 3).CopyTo(pixels[(4 * i)..]);
            pixels[4 * i + 3] = 255;
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
