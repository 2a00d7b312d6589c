using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>
/// The file of a checkpoint: "ABLCHECK", version and length of the header (int32, little-endian), the header in JSON, the
/// tensors' bytes one after another, and the SHA-256 of everything before it.
/// </summary>
internal static class CheckpointFile
{
    public const int Version = 1;
    private const int HashBytes = 32, FixedBytes = 16;
    private const int MostHeaderBytes = 1 << 30;
    private static readonly byte[] Magic = "ABLCHECK"u8.ToArray();
    private static readonly JsonSerializerOptions OneLine = new(SpecJson.Options) { WriteIndented = false };

    /// <summary>Computes the layout of the tensors in the file.</summary>
    public static IReadOnlyList<StoredTensor> Table(IReadOnlyList<NamedTensor> tensors)
    {
        long offset = 0;
        return [.. tensors.Select(tensor => Next(tensor))];

        StoredTensor Next(NamedTensor tensor)
        {
            var stored = new StoredTensor(tensor.Name, tensor.Values.dtype, [.. tensor.Values.shape], offset,
                TensorBytes.Size(tensor.Values));
            offset += stored.Bytes;
            return stored;
        }
    }

    /// <summary>Writes a new file, flushes it to the disk, and reads it back.</summary>
    /// <exception cref="IOException">It could not be written, or reads back differently.</exception>
    public static void Write(string path, CheckpointHeader header, IReadOnlyList<NamedTensor> tensors, long chunk = TensorBytes.Chunk)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(header, OneLine);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] written;
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            var head = new byte[FixedBytes];
            Magic.CopyTo(head, 0);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), Version);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), text.Length);
            Put(head);
            Put(text);
            foreach (var tensor in tensors) TensorBytes.Write(tensor.Values, Put, chunk);
            written = hash.GetHashAndReset();
            file.Write(written);
            file.Flush(flushToDisk: true);

            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                file.Write(bytes);
            }
        }

        try
        {
            using var back = File.OpenRead(path);
            if (Sum(back).AsSpan().SequenceEqual(written)) return;
        }
        catch (InvalidDataException)
        {
            // reported below
        }

        throw new IOException("it reads back differently than it was written");
    }

    /// <summary>Verifies the checksum of the whole file; returns the header and the position of the tensors.</summary>
    /// <exception cref="InvalidDataException">It is truncated, damaged, or no checkpoint of this version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (CheckpointHeader Header, long DataStart) Open(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[FixedBytes];
        if (file.Length < FixedBytes + HashBytes) throw new InvalidDataException("cut off");
        file.ReadExactly(head);
        if (!head.AsSpan(0, 8).SequenceEqual(Magic)) throw new InvalidDataException("not a checkpoint, or damaged");
        if (BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8)) is var version && version != Version)
            throw new InvalidDataException($"format version {version}, this program reads {Version}");
        file.Position = 0;
        Sum(file);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12));
        if (length is < 0 or > MostHeaderBytes || FixedBytes + (long)length + HashBytes > file.Length)
            throw new InvalidDataException("cut off or damaged");
        var text = new byte[length];
        file.Position = FixedBytes;
        file.ReadExactly(text);
        try
        {
            return (SpecJson.Read<CheckpointHeader>(Encoding.UTF8.GetString(text)), FixedBytes + length);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"its header does not fit this program ({e.Message})", e);
        }
    }

    /// <summary>Verifies the checksum at the end of the file, and returns it.</summary>
    private static byte[] Sum(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var left = file.Length - HashBytes; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) throw new InvalidDataException("cut off");
            hash.AppendData(buffer.AsSpan(0, read));
            left -= read;
        }

        var stored = new byte[HashBytes];
        file.ReadExactly(stored);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(stored)
            ? stored : throw new InvalidDataException("cut off or damaged: its checksum does not fit");
    }
}
