using System.Buffers;
using System.Buffers.Binary;
using Ablation.Harness.Foundations;
using Microsoft.Win32.SafeHandles;

namespace Ablation.Harness.Formats;

/// <summary>Reads records of a RecordIO file by byte offset, from any number of threads at once.</summary>
/// <remarks>A record: u32 magic, u32 (flag in 3 bits, length in 29), payload, padding to 4 bytes; little-endian. The writer
/// splits a payload where it contains the magic at a multiple of 4, and leaves that word out: flags 1, 2 and 3
/// are the first, middle and last part, and the reader puts the magic back between them.</remarks>
internal sealed class RecordIoFile : IDisposable
{
    private const uint Magic = 0xced7230a;
    private const int Head = 8;
    private const int MostJoined = 1 << 29; // what one record that is not split can hold
    private const int FirstRead = 16 * 1024; // holds most 112 x 112 JPEGs: one read an image
    private const string Cure = "the pack or its index is damaged or not of the same pack: download both again";
    [ThreadStatic] private static byte[]? scratch;
    private readonly SafeFileHandle handle;

    public RecordIoFile(string path)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", "check the path and the data folder");
        Path = path;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DataProblem(path, "the file cannot be opened", "check its permissions", problem);
        }

        Length = RandomAccess.GetLength(handle);
    }

    public string Path { get; }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; }

    public string Where(long offset) => $"{Path}@{offset}";

    /// <summary>Reads the head of the payload of the record at <paramref name="offset"/>, by one small read.</summary>
    public RecordHead ReadHead(long offset)
    {
        Span<byte> start = stackalloc byte[Head + RecordHead.Bytes];
        var got = Fill(start, offset);
        var (flag, length) = Part(start[..got], offset);
        if (flag == 0) return RecordHead.Parse(start[Head..got], length, Where(offset));
        using var whole = Read(offset);
        return RecordHead.Parse(whole.Bytes, whole.Bytes.Length, Where(offset));
    }

    /// <summary>Reads the head of the payload of the record at <paramref name="offset"/>, and where the record ends, padding included:
    /// there the next one begins. One small read if the record is not split.</summary>
    public (RecordHead Head, long End) ReadHeadAndEnd(long offset)
    {
        Span<byte> start = stackalloc byte[Head + RecordHead.Bytes];
        var got = Fill(start, offset);
        var (flag, length) = Part(start[..got], offset);
        if (flag == 0) return (RecordHead.Parse(start[Head..got], length, Where(offset)), EndOf(offset, length));
        var head = ReadHead(offset); // joins the parts, so they are intact
        var at = offset;
        for (; flag != 3; (flag, length) = Part(start[..Fill(start[..Head], at)], at)) at = EndOf(at, length);
        return (head, EndOf(at, length));
    }

    private static long EndOf(long offset, int length) => offset + Head + (length + 3 & ~3);

    /// <summary>Reads the payload of the record at <paramref name="offset"/>, joined if it is split; dispose it after use.</summary>
    public RecordPayload Read(long offset)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        try
        {
            var got = Fill(buffer.AsSpan(0, FirstRead), offset);
            var (flag, length) = Part(buffer.AsSpan(0, got), offset);
            if (flag == 1) return Joined(offset);
            if (flag != 0) throw Problem(offset, $"the record starts with part {flag} of a split record");
            if (Head + length > got)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Head + length);
                buffer.AsSpan(0, got).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
                if (Fill(buffer.AsSpan(got, Head + length - got), offset + got) < Head + length - got) throw CutOff(offset);
            }

            var record = new RecordPayload(buffer, Head, length);
            buffer = null;
            return record;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads what <see cref="Read"/> will read first and drops it, so that the system has it in memory.</summary>
    public void Touch(long offset)
    {
        try
        {
            _ = RandomAccess.Read(handle, scratch ??= new byte[FirstRead], offset);
        }
        catch (IOException)
        {
            // Read reports it
        }
    }

    public void Dispose() => handle.Dispose();

    private RecordPayload Joined(long offset)
    {
        var whole = new ArrayBufferWriter<byte>();
        Span<byte> head = stackalloc byte[Head];
        for (var at = offset; ;)
        {
            var (flag, length) = Part(head[..Fill(head, at)], at);
            if (at == offset ? flag != 1 : flag is not (2 or 3))
                throw Problem(at, $"flag {flag} where the next part of the record at {offset} should be");
            if (whole.WrittenCount + (long)length > MostJoined)
                throw Problem(offset, $"its parts are longer than {MostJoined} bytes together, more than any image");
            if (at != offset) BinaryPrimitives.WriteUInt32LittleEndian(whole.GetSpan(4), Magic);
            if (at != offset) whole.Advance(4);
            if (Fill(whole.GetSpan(length)[..length], at + Head) < length) throw CutOff(at);
            whole.Advance(length);
            if (flag == 3) break;
            at += Head + (length + 3 & ~3);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(whole.WrittenCount);
        whole.WrittenSpan.CopyTo(buffer);
        return new RecordPayload(buffer, 0, whole.WrittenCount);
    }

    /// <summary>
    /// Parses flag and length of the part whose first bytes are <paramref name="start"/>; the length lies within the file.
    /// </summary>
    private (int Flag, int Length) Part(ReadOnlySpan<byte> start, long offset)
    {
        if (start.Length < Head) throw CutOff(offset);
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(start);
        if (magic != Magic) throw Problem(offset, $"no record starts here (0x{magic:x8} where 0x{Magic:x8} should be)");
        var word = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        var (flag, length) = ((int)(word >> 29), (int)(word & 0x1fffffff));
        if (flag > 3) throw Problem(offset, $"the record's flag is {flag}, not 0 to 3");
        if (offset + Head + length > Length) throw CutOff(offset);
        return (flag, length);
    }

    /// <summary>Reads until <paramref name="into"/> is full or the file ends; returns the number of bytes.</summary>
    private int Fill(Span<byte> into, long offset)
    {
        var done = 0;
        try
        {
            while (done < into.Length)
            {
                var got = RandomAccess.Read(handle, into[done..], offset + done);
                if (got == 0) break;
                done += got;
                if (offset + done == Length) break;
            }
        }
        catch (IOException problem)
        {
            throw new DataProblem(Where(offset), "the disk refused a read", "check the disk, or download the pack again", problem);
        }

        return done;
    }

    private DataProblem CutOff(long offset) => Problem(offset, $"the record is cut off: the file ends at {Length}");

    private DataProblem Problem(long offset, string what) => new(Where(offset), what, Cure);
}

/// <summary>A record's payload in a pooled buffer.</summary>
internal readonly struct RecordPayload(byte[] buffer, int start, int length) : IDisposable
{
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(start, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
