using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Embedding;

/// <summary>
/// Embeddings of some images. A file: "ABLEMBED", version, dimension, number of rows (int32 each, little-endian), the keys (16 bytes each),
/// the rows (float32), and a CRC-32C of all before it, whose register starts at 0 and is not complemented.
/// </summary>
internal sealed class EmbeddingSegment
{
    public const string Extension = ".emb";
    private const int Version = 1, HeadBytes = 20, KeyBytes = 16, Chunk = 1 << 16;
    private readonly UInt128[]? keys;
    private readonly float[]? rows;

    public EmbeddingSegment(string path) => Path = path;

    private EmbeddingSegment(UInt128[] keys, float[] rows) => (this.keys, this.rows) = (keys, rows);

    /// <summary>Null in memory.</summary>
    public string? Path { get; }

    public static EmbeddingSegment InMemory(UInt128[] keys, float[] rows) => new(keys, rows);

    /// <summary>Writes a new file under its own name, whole or not at all.</summary>
    public static void Write(string folder, UInt128[] keys, float[] rows)
    {
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Combine(folder, $"{Guid.NewGuid():N}{Extension}");
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                uint sum = 0;
                var head = new byte[HeadBytes];
                "ABLEMBED"u8.CopyTo(head);
                BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), Version);
                BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), rows.Length / keys.Length);
                BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), keys.Length);
                Put(head);
                Put(MemoryMarshal.AsBytes(keys.AsSpan()));
                for (var from = 0; from < rows.Length; from += Chunk)
                    Put(MemoryMarshal.AsBytes(rows.AsSpan(from, Math.Min(Chunk, rows.Length - from))));
                file.Write(BitConverter.GetBytes(sum));
                file.Flush(flushToDisk: true);

                void Put(ReadOnlySpan<byte> bytes)
                {
                    sum = Crc32C.Append(sum, bytes);
                    file.Write(bytes);
                }
            }

            PatientFile.Move(temporary, path);
        }
        catch
        {
            PatientFile.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads everything and passes the wanted rows on. Of a damaged file no key is added to <paramref name="found"/>.</summary>
    /// <exception cref="InvalidDataException">It is damaged or of another version.</exception>
    public void Read(Func<UInt128, bool> isWanted, Action<UInt128, ReadOnlySpan<float>> take, HashSet<UInt128> found)
    {
        if (keys is not null)
        {
            var width = rows!.Length / keys.Length;
            for (var i = 0; i < keys.Length; i++)
            {
                if (!isWanted(keys[i])) continue;
                take(keys[i], rows.AsSpan(i * width, width));
                found.Add(keys[i]);
            }

            return;
        }

        using var file = new FileStream(Path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
        var head = new byte[HeadBytes];
        if (file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes || !head.AsSpan().StartsWith("ABLEMBED"u8))
            throw new InvalidDataException("no embeddings, or damaged");
        var (version, dimension, count) = (BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8)),
            BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)), BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(16)));
        if (version != Version || dimension < 1 || count < 1
            || file.Length != HeadBytes + (long)count * (KeyBytes + sizeof(float) * (long)dimension) + sizeof(uint))
            throw new InvalidDataException("cut off, damaged, or of another version");
        var sum = Crc32C.Append(0, head);
        var stored = new UInt128[count];
        file.ReadExactly(MemoryMarshal.AsBytes(stored.AsSpan()));
        sum = Crc32C.Append(sum, MemoryMarshal.AsBytes(stored.AsSpan()));
        var row = new float[dimension];
        var taken = new List<UInt128>();
        foreach (var key in stored)
        {
            file.ReadExactly(MemoryMarshal.AsBytes(row.AsSpan()));
            sum = Crc32C.Append(sum, MemoryMarshal.AsBytes(row.AsSpan()));
            if (!isWanted(key)) continue;
            take(key, row);
            taken.Add(key);
        }

        Span<byte> last = stackalloc byte[sizeof(uint)];
        file.ReadExactly(last);
        if (BinaryPrimitives.ReadUInt32LittleEndian(last) != sum) throw new InvalidDataException("damaged: its checksum does not fit");
        found.UnionWith(taken);
    }
}
