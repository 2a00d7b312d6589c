using System.Buffers;
using System.Buffers.Binary;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Microsoft.Win32.SafeHandles;

namespace Ablation.Harness.Batches;

/// <summary>Where a decoded picture lies in the file; one of width 0 is missing and read from the source.</summary>
/// <param name="Offset">Of its first byte; R, G, B interleaved follow, without padding.</param>
/// <param name="Checksum">CRC-32C of those bytes.</param>
internal readonly record struct PackedPicture(long Offset, int Width, int Height, int Identity, uint Checksum)
{
    public const int Bytes = 24;

    public int Length => Width * Height * 3;

    public static PackedPicture Parse(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadInt64LittleEndian(entry), BinaryPrimitives.ReadInt32LittleEndian(entry[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(entry[12..]), BinaryPrimitives.ReadInt32LittleEndian(entry[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]));

    public void Write(Span<byte> entry)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, Offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], Width);
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], Height);
        BinaryPrimitives.WriteInt32LittleEndian(entry[16..], Identity);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], Checksum);
    }
}

/// <summary>Reads a file of decoded pictures, from any number of threads.</summary>
/// <remarks>
/// Little-endian: a head (8 bytes of magic with the version, i64 length of the file, i32 count, u32 CRC-32C of head and index
/// with this field 0, 32 bytes fingerprint), an index of <see cref="PackedPicture"/>, the pictures. It is read, not mapped: the
/// operating system caches and shares the pages all the same, and a failing disk is an error here, not the end of the process.
/// </remarks>
internal sealed class PackedFile : IDisposable
{
    public const int HeadBytes = 56;
    private const int MagicBytes = 8;
    private readonly SafeFileHandle handle;
    private readonly PackedPicture[] index;
    private readonly byte[] verified; // 1 once a picture's checksum was verified in this process

    private PackedFile(string path, SafeFileHandle handle, PackedPicture[] index)
    {
        (Path, this.handle, this.index) = (path, handle, index);
        verified = new byte[index.Length];
    }

    public static ReadOnlySpan<byte> Magic => "ABLPIX01"u8;

    public string Path { get; }

    public PackedPicture this[int picture] => index[picture];

    /// <summary>Opens <paramref name="path"/> and checks all but the pictures.</summary>
    /// <param name="fingerprint">32 bytes that the file must carry.</param>
    /// <exception cref="InvalidDataException">It is cut off, damaged, or of another set; says what is wrong.</exception>
    /// <exception cref="IOException">It is missing, or cannot be read.</exception>
    public static PackedFile Open(string path, ReadOnlySpan<byte> fingerprint, int count)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            var length = RandomAccess.GetLength(handle);
            var start = new byte[checked(HeadBytes + count * PackedPicture.Bytes)];
            if (Fill(handle, start, 0) < start.Length) throw new InvalidDataException($"it is cut off: {length} bytes");
            if (!start.AsSpan(0, MagicBytes).SequenceEqual(Magic)) throw new InvalidDataException("it is not a cache of this version");
            if (!start.AsSpan(24, 32).SequenceEqual(fingerprint)) throw new InvalidDataException("it belongs to other pictures");
            var (promised, pictures) = (BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(8)),
                BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(16)));
            if (length != promised) throw new InvalidDataException($"it has {length} bytes, not {promised}");
            var checksum = BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(20));
            start.AsSpan(20, 4).Clear();
            if (pictures != count || Crc32C.Compute(start) != checksum) throw new InvalidDataException("its index is damaged");
            var index = new PackedPicture[count];
            for (var i = 0; i < count; i++) index[i] = PackedPicture.Parse(start.AsSpan(HeadBytes + i * PackedPicture.Bytes));
            return new PackedFile(path, handle, index);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads picture <paramref name="picture"/>; null if its bytes are damaged or cannot be read.</summary>
    public FaceImage? Read(int picture)
    {
        var entry = index[picture];
        var rgb = GC.AllocateUninitializedArray<byte>(entry.Length);
        try
        {
            if (Fill(handle, rgb, entry.Offset) < rgb.Length) return null;
        }
        catch (IOException)
        {
            return null;
        }

        if (verified[picture] == 0)
        {
            if (Crc32C.Compute(rgb) != entry.Checksum) return null;
            verified[picture] = 1;
        }

        return new FaceImage(entry.Width, entry.Height, rgb);
    }

    /// <summary>Reads a picture and drops it, so that the system has it in memory.</summary>
    public void Touch(int picture)
    {
        var entry = index[picture];
        var scratch = ArrayPool<byte>.Shared.Rent(entry.Length);
        try
        {
            Fill(handle, scratch.AsSpan(0, entry.Length), entry.Offset);
        }
        catch (IOException)
        {
            // Read fails too, and the source is used
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }

    public void Dispose() => handle.Dispose();

    /// <summary>Deletes a file if possible; otherwise the next use tries again.</summary>
    public static void Remove(string path)
    {
        try
        {
            PatientFile.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static int Fill(SafeFileHandle handle, Span<byte> into, long offset)
    {
        var done = 0;
        for (int got; done < into.Length && (got = RandomAccess.Read(handle, into[done..], offset + done)) > 0;) done += got;
        return done;
    }
}
